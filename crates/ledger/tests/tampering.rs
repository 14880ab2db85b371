//! Whatever is done to a chain, the walk stops at the first link that was touched.

use liangshan_ledger::{Break, BreakKind, Walk, digest_of, linked};
use liangshan_vocab::{Fact, Happening, Moment};
use proptest::prelude::*;

fn chain(bodies: &[String]) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for (i, body) in bodies.iter().enumerate() {
        let what = Happening { happened: "2026-11-25".into(), by: format!("OFF-{}", i % 3), body_kind: "test".into(), body: body.clone() };
        let fact = linked(facts.last().map(|f| (f.seq, &f.digest)), Moment(i as i64), what);
        facts.push(fact);
    }
    facts
}

fn walked(facts: &[Fact], noted: u64) -> Result<(), Break> {
    let mut walk = Walk::new();
    for fact in facts {
        walk.step(fact)?;
    }
    walk.reaches(noted)
}

fn bodies() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[ -~]{0,12}", 2..24)
}

#[test]
fn the_digest_of_a_fact_by_an_independent_computation() {
    // python3 -c "import hashlib;z='0'*64;print(hashlib.sha256(('16:liangshan.fact.1,1:1,1:0,10:2026-11-25,5:OFF-0,4:test,2:{},64:'+z+',').encode()).hexdigest())"
    let fact = &chain(&["{}".to_owned()])[0];
    assert_eq!(digest_of(fact).as_str(), "32f3271bf895c4581783b8e962239a8de798b71f390d814b74e1b32f6fb61a98");
}

proptest! {
    #[test]
    fn a_sound_chain_holds(bodies in bodies()) {
        let facts = chain(&bodies);
        prop_assert_eq!(walked(&facts, facts.len() as u64), Ok(()));
    }

    #[test]
    fn an_altered_field_is_named(bodies in bodies(), at in any::<prop::sample::Index>(), field in 0..5) {
        let mut facts = chain(&bodies);
        let i = at.index(facts.len());
        let fact = &mut facts[i];
        match field {
            0 => fact.body.push('x'),
            1 => fact.by.push('x'),
            2 => fact.happened = "2026-11-26".into(),
            3 => fact.recorded = Moment(fact.recorded.0 + 1),
            _ => fact.body_kind.push('x'),
        }
        prop_assert_eq!(walked(&facts, 0), Err(Break { seq: i as u64 + 1, kind: BreakKind::Altered }));
    }

    #[test]
    fn an_altered_fact_with_a_digest_made_anew_breaks_the_next_link(bodies in bodies(), at in any::<prop::sample::Index>()) {
        let mut facts = chain(&bodies);
        let i = at.index(facts.len() - 1);
        facts[i].body.push('x');
        facts[i].digest = digest_of(&facts[i]);
        prop_assert_eq!(walked(&facts, 0), Err(Break { seq: i as u64 + 2, kind: BreakKind::Unlinked }));
    }

    #[test]
    fn a_missing_fact_is_named(bodies in bodies(), at in any::<prop::sample::Index>()) {
        let mut facts = chain(&bodies);
        let i = at.index(facts.len());
        let kind = if i + 1 == facts.len() { BreakKind::Truncated } else { BreakKind::Missing };
        let noted = facts.len() as u64;
        facts.remove(i);
        prop_assert_eq!(walked(&facts, noted), Err(Break { seq: i as u64 + 1, kind }));
    }

    #[test]
    fn a_missing_fact_with_the_others_numbered_anew_is_seen(bodies in bodies(), at in any::<prop::sample::Index>()) {
        let mut facts = chain(&bodies);
        let i = at.index(facts.len() - 1);
        facts.remove(i);
        for (k, fact) in facts.iter_mut().enumerate() {
            fact.seq = k as u64 + 1;
        }
        prop_assert_eq!(walked(&facts, 0), Err(Break { seq: i as u64 + 1, kind: BreakKind::Altered }));
    }

    #[test]
    fn two_facts_that_changed_places_are_seen(bodies in bodies(), at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let mut facts = chain(&bodies);
        let (i, k) = (at.index(facts.len()), other.index(facts.len()));
        prop_assume!(i != k);
        facts.swap(i, k);
        // The first place where another fact stands: it comes too early, so the one that belongs there is missing.
        prop_assert_eq!(walked(&facts, 0), Err(Break { seq: i.min(k) as u64 + 1, kind: BreakKind::Missing }));
    }

    #[test]
    fn a_doubled_fact_is_seen(bodies in bodies(), at in any::<prop::sample::Index>()) {
        let mut facts = chain(&bodies);
        let i = at.index(facts.len());
        facts.insert(i, facts[i].clone());
        prop_assert_eq!(walked(&facts, 0), Err(Break { seq: i as u64 + 2, kind: BreakKind::Reordered }));
    }
}
