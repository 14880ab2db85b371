use liangshan_atlas::book::*;
fn main() {
    let o = Options::default();
    let t = std::time::Instant::now();
    let p = match Prepared::open(std::path::Path::new("regions/quzhou"), &o) {
        Ok(p) => p,
        Err(e) => {
            for p in e.grouped(3) {
                eprintln!("{}", p.letter(liangshan_vocab::Lang::En));
            }
            return;
        }
    };
    eprintln!("opened {:?}", t.elapsed());
    for p in p.survey(QUIET).grouped(3) {
        eprintln!("{}", p.letter(liangshan_vocab::Lang::En));
    }
    eprintln!("survey {:?}", t.elapsed());
    let b = match open_book(p, QUIET) {
        Ok(p) => p,
        Err(e) => {
            for p in e.grouped(3) {
                eprintln!("{}", p.letter(liangshan_vocab::Lang::En));
            }
            return;
        }
    };
    eprintln!("book {:?} reused {} made {}", t.elapsed(), b.reused, b.made);
    for r in &b.assembled.account.rows {
        if r.ecosystem == "all" && r.place == "330800" {
            println!(
                "{} {} {:?} {} {:?} {:?} {}",
                r.year,
                r.indicator,
                r.quantity.map(|q| q.to_string()),
                r.unit,
                r.value.map(|v| v.yuan()),
                r.price.as_ref().map(|p| p.value.clone()),
                r.status.word()
            );
        }
    }
    for t in &b.assembled.account.totals {
        if t.ecosystem == "all" {
            println!("{} {} {} {:?} {:?} {:?} {}", t.year, t.place, t.value.yuan(), t.per_km2, t.per_head, t.over_gdp, t.title());
        }
    }
}
