//! What the plan's pages and their JSON say alike: structs in one language, made from the plan as it
//! stands on a day.

use liangshan_accounts::targets::{Attainment, Lamp};
use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::declared::ValueFrom;
use liangshan_atlas::planbook::projects::ProjectView;
use liangshan_atlas::planbook::rows::{RowView, State};
use liangshan_atlas::planbook::targets::TargetView;
use liangshan_atlas::planbook::values::Fed;
use liangshan_atlas::planbook::wording::Sort;
use liangshan_vocab::{Lang, Text, text, words};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// The schema of an answer, whole in itself: nothing in it points elsewhere.
pub(crate) fn schema_of<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.inline_subschemas = true;
        s.meta_schema = None;
    });
    settings.into_generator().into_root_schema_for::<T>()
}

/// What feeds a row.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FeedOut {
    /// `target`, `indicator`, `statistic`, `register`, `projects`, `layer`, `standard` or `command`.
    pub(crate) kind: String,
    /// What of it.
    pub(crate) of: String,
    /// Computed, typed or nothing.
    pub(crate) fed: String,
    /// What it says.
    pub(crate) says: String,
    /// Measured, modelled, synthetic …; empty where that has no meaning.
    pub(crate) origin: String,
    /// Where it is shown here.
    pub(crate) page: Option<String>,
}

/// A sentence of the plan, or something that it names.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RowOut {
    /// Its id.
    pub(crate) id: String,
    /// The chapter of a sentence; the sentences of a named thing.
    pub(crate) of: String,
    /// The sort of a sentence; the fit of a named thing.
    pub(crate) kind: String,
    /// The plan's words.
    pub(crate) text: String,
    /// The office that answers for it, by id.
    pub(crate) owner: String,
    /// What the office is called.
    pub(crate) owner_title: String,
    /// Its state, by forecast where there is one.
    pub(crate) state: String,
    /// The state in words.
    pub(crate) state_title: String,
    /// The state by the latest value.
    pub(crate) state_of_latest: String,
    /// Computed, typed or nothing.
    pub(crate) fed: String,
    /// What feeds it.
    pub(crate) feeds: Vec<FeedOut>,
    /// What stands before it in the text.
    #[serde(skip)]
    pub(crate) lead: String,
}

impl RowOut {
    /// A row as it stands.
    pub(crate) fn of(plan: &Planbook, view: &RowView, lang: Lang) -> Self {
        let state = foreseen_of(plan, view);
        let feeds = view.feeds.iter().map(|f| FeedOut {
            kind: f.feed.kind.clone(),
            of: f.feed.of.clone(),
            fed: f.fed.word().to_owned(),
            says: f.says.get(lang).to_owned(),
            origin: f.origin.clone(),
            page: page_of(plan, &f.feed.kind, &f.feed.of, &view.id),
        });
        Self {
            id: view.id.clone(),
            of: view.of.clone(),
            kind: view.kind.clone(),
            text: view.text.get(lang).replace('\u{e010}', "．"),
            owner: view.owner.clone(),
            owner_title: view.owner_title.clone(),
            state: state.word().to_owned(),
            state_title: state.title().get(lang).to_owned(),
            state_of_latest: view.state.word().to_owned(),
            fed: view.fed.word().to_owned(),
            feeds: feeds.collect(),
            lead: String::new(),
        }
    }
}

/// Where a feed is shown.
fn page_of(plan: &Planbook, kind: &str, of: &str, row: &str) -> Option<String> {
    let encoded = |s: &str| form_urlencoded::byte_serialize(s.as_bytes()).collect::<String>();
    match kind {
        "target" => Some(format!("/plan/target/{of}")),
        "indicator" => Some(format!("/why?indicator={}", encoded(of))),
        "register" => {
            let id = of.split('.').next().unwrap_or(of);
            plan.book(id).map(|_| format!("/plan/register/{id}?row={}", encoded(row)))
        }
        "projects" => Some(format!("/plan/projects?clause={}", encoded(of))),
        "layer" => Some("/map".to_owned()),
        _ => None,
    }
}

/// The share of draws from which a target is thought to be reached, and below which it is not.
const LIKELY: f64 = 0.8;
const DOUBTFUL: f64 = 0.5;

/// The lamp of a target by forecast: what is decided stands; what is to come goes by its chance; where
/// nothing can be forecast, by its latest value.
pub(crate) fn foreseen(target: &TargetView) -> (Lamp, Text) {
    match (target.standing.attained, &target.chance) {
        (Attainment::Yes, _) => (Lamp::Blue, text("已达到", "met")),
        (Attainment::No, _) => (Lamp::Red, text("未达到", "not met")),
        (_, Some(chance)) => {
            let p = format!("{:.0} %", 100.0 * chance.probability);
            match chance.probability {
                v if v >= LIKELY => (Lamp::Green, words!("预计达到（{p}）", "likely met ({p})")),
                v if v >= DOUBTFUL => (Lamp::Yellow, words!("难说（{p}）", "in doubt ({p})")),
                _ => (Lamp::Red, words!("预计达不到（{p}）", "likely missed ({p})")),
            }
        }
        _ => {
            let said = match target.standing.lamp {
                Lamp::Blue | Lamp::Green => text("按现值达标，无预测", "on target at present, no forecast"),
                Lamp::Yellow => text("按现值滞后，无预测", "behind at present, no forecast"),
                Lamp::Red => text("按现值未达，无预测", "short at present, no forecast"),
                Lamp::Grey => text("不能判定", "undecidable"),
            };
            (target.standing.lamp, said)
        }
    }
}

/// The state of a row, with the forecast of each target that feeds it in the place of its latest value.
fn foreseen_of(plan: &Planbook, view: &RowView) -> State {
    if matches!(view.state, State::Said | State::Unfed) {
        return view.state;
    }
    let lamp = |feed: &liangshan_atlas::planbook::feeds::FeedView| {
        let target = (feed.feed.kind == "target").then(|| plan.targets.iter().find(|t| t.row.id == feed.feed.of)).flatten();
        target.map_or(feed.lamp, |t| Some(foreseen(t).0))
    };
    State::by_lamps(view.feeds.iter().filter_map(lamp))
}

/// The plan's text.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TextOut {
    /// The plan.
    pub(crate) title: String,
    /// The day.
    pub(crate) on: String,
    /// Sentences by state.
    pub(crate) states: Vec<CountOut>,
    /// Sentences in their order.
    pub(crate) rows: Vec<RowOut>,
    /// What hangs loose.
    pub(crate) loose: Vec<LooseOut>,
}

/// How many.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CountOut {
    /// Of what.
    pub(crate) id: String,
    /// In words.
    pub(crate) title: String,
    /// How many.
    pub(crate) count: usize,
}

/// Something that hangs loose.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LooseOut {
    /// `sentence`, `system`, `target`, `register` …
    pub(crate) what: String,
    /// Which.
    pub(crate) id: String,
    /// `no_owner`, `no_feed`, `unknown_feed` or `no_sentence`.
    pub(crate) why: String,
    /// In words.
    pub(crate) says: String,
}

/// All states that are judged, in the order of a legend.
pub(crate) const STATES: [State; 7] = [State::Done, State::Green, State::Recorded, State::Grey, State::Yellow, State::Red, State::Unfed];

/// The sorts of sentences as words of a parameter.
pub(crate) fn sort_title(word: &str, lang: Lang) -> String {
    Sort::ALL.iter().find(|(_, w, _)| *w == word).map_or_else(|| word.to_owned(), |(_, _, title)| title.get(lang).to_owned())
}

impl TextOut {
    /// The text on the day of the plan.
    pub(crate) fn of(plan: &Planbook, lang: Lang) -> Self {
        let rows: Vec<RowOut> = plan
            .sentences
            .iter()
            .zip(&plan.sentence_views)
            .map(|(sentence, view)| RowOut { text: sentence.text.replace('\u{e010}', "．"), lead: sentence.lead.clone(), ..RowOut::of(plan, view, lang) })
            .collect();
        Self {
            title: plan.declared.title.get(lang).to_owned(),
            on: plan.on.to_string(),
            states: counts(&rows, lang),
            rows,
            loose: plan
                .loose
                .iter()
                .map(|l| LooseOut { what: l.what.to_owned(), id: l.id.clone(), why: l.why.to_owned(), says: l.says.get(lang).to_owned() })
                .collect(),
        }
    }
}

/// Rows by state.
pub(crate) fn counts(rows: &[RowOut], lang: Lang) -> Vec<CountOut> {
    let count = |state: State| rows.iter().filter(|r| r.state == state.word()).count();
    STATES.iter().map(|s| CountOut { id: s.word().to_owned(), title: s.title().get(lang).to_owned(), count: count(*s) }).collect()
}

/// What the plan names.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SystemsOut {
    /// The day.
    pub(crate) on: String,
    /// Rows by state.
    pub(crate) states: Vec<CountOut>,
    /// Rows.
    pub(crate) rows: Vec<RowOut>,
}

impl SystemsOut {
    /// What it names on the day of the plan.
    pub(crate) fn of(plan: &Planbook, lang: Lang) -> Self {
        let rows: Vec<RowOut> = plan.system_views.iter().map(|v| RowOut::of(plan, v, lang)).collect();
        Self { on: plan.on.to_string(), states: counts(&rows, lang), rows }
    }
}

/// A value of a target.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ValueOut {
    /// Year.
    pub(crate) year: i32,
    /// Value.
    pub(crate) value: f64,
    /// Computed or typed.
    pub(crate) fed: String,
    /// Measured, modelled, synthetic …
    pub(crate) origin: String,
    /// Its source.
    pub(crate) source: String,
    /// Initial, revised, final; empty where nobody says.
    pub(crate) vintage: String,
}

/// A county's part.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PartOut {
    /// County code.
    pub(crate) county: String,
    /// County.
    pub(crate) title: String,
    /// Its value.
    pub(crate) value: Option<f64>,
    /// Its target.
    pub(crate) target: Option<f64>,
    /// Below zero is short of it.
    pub(crate) gap: Option<f64>,
}

/// A forecast.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ChanceOut {
    /// The share of draws that reached the target.
    pub(crate) probability: f64,
    /// Draws.
    pub(crate) draws: u32,
    /// Seed.
    pub(crate) seed: u64,
    /// Years ahead.
    pub(crate) years: u32,
    /// Changes of the past that are known.
    pub(crate) changes: usize,
    /// Their mean.
    pub(crate) mean: f64,
    /// Their deviation.
    pub(crate) deviation: f64,
    /// True where the past is short and the deviation is a prior.
    pub(crate) prior: bool,
}

/// A target.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TargetOut {
    /// Its id.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// What is wanted, with its unit.
    pub(crate) wanted: String,
    /// The number to reach, where there is one.
    pub(crate) target: Option<f64>,
    /// Unit.
    pub(crate) unit: String,
    /// The year it is due.
    pub(crate) due: i32,
    /// Lamp by forecast: blue, green, grey, yellow, red.
    pub(crate) lamp: String,
    /// The forecast in words.
    pub(crate) foreseen: String,
    /// Lamp of the latest value against the planned path.
    pub(crate) lamp_of_latest: String,
    /// The base: year and value.
    pub(crate) base: Option<(i32, f64)>,
    /// The share of the way gone, and planned.
    pub(crate) progress: Option<f64>,
    /// The planned share.
    pub(crate) planned: Option<f64>,
    /// True where a straight path from base to target was planned.
    pub(crate) has_path: bool,
    /// Values by year.
    pub(crate) values: Vec<ValueOut>,
    /// Years whose value is missing for a verdict.
    pub(crate) missing: Vec<i32>,
    /// Why there is no value.
    pub(crate) short: Option<String>,
    /// The forecast.
    pub(crate) chance: Option<ChanceOut>,
    /// The counties' parts.
    pub(crate) counties: Vec<PartOut>,
    /// The office that answers for it.
    pub(crate) owner: String,
    /// Its formula.
    pub(crate) formula: String,
    /// The plan's words.
    pub(crate) quote: String,
    /// Sentences that it feeds.
    pub(crate) sentences: Vec<String>,
    /// Where what computes it is shown here.
    pub(crate) source_page: Option<String>,
}

/// The word of a lamp.
pub(crate) fn lamp_word(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Blue => "blue",
        Lamp::Green => "green",
        Lamp::Grey => "grey",
        Lamp::Yellow => "yellow",
        Lamp::Red => "red",
    }
}

impl TargetOut {
    /// A target on the day of the plan.
    pub(crate) fn of(plan: &Planbook, target: &TargetView, lang: Lang) -> Self {
        let standing = &target.standing;
        let (lamp, said) = foreseen(target);
        let due = target.row.aim.due;
        let feed = format!("target:{}", target.row.id);
        let source_page = target.sources.values.first().and_then(|from| match from {
            ValueFrom::Register(register, _) => plan.book(register).map(|_| format!("/plan/register/{register}")),
            ValueFrom::GoodDays | ValueFrom::Sections(_) => Some("/environment".to_owned()),
            ValueFrom::AreaShare(_) => Some("/plan/zones".to_owned()),
            _ => None,
        });
        Self {
            id: target.row.id.clone(),
            title: target.row.title.get(lang).to_owned(),
            wanted: target.wanted(),
            target: target.row.value,
            unit: target.sources.unit.clone(),
            due,
            lamp: lamp_word(lamp).to_owned(),
            foreseen: said.get(lang).to_owned(),
            lamp_of_latest: lamp_word(standing.lamp).to_owned(),
            base: standing.base,
            progress: standing.progress,
            planned: standing.planned,
            has_path: standing.planned.is_some(),
            values: target
                .values
                .city
                .iter()
                .map(|(year, v)| ValueOut {
                    year: *year,
                    value: v.value,
                    fed: v.fed.word().to_owned(),
                    origin: v.origin.clone(),
                    source: v.source.get(lang).to_owned(),
                    vintage: v.vintage.clone(),
                })
                .collect(),
            missing: standing.missing.clone(),
            short: target.values.short.values().next_back().map(|t| t.get(lang).to_owned()),
            chance: target.chance.as_ref().map(|c| ChanceOut {
                probability: c.probability,
                draws: c.draws,
                seed: c.seed,
                years: c.years,
                changes: c.history.changes,
                mean: c.history.mean,
                deviation: c.history.deviation,
                prior: c.history.prior,
            }),
            counties: target
                .parts
                .iter()
                .map(|p| PartOut { county: p.place.clone(), title: plan.place(&p.place).get(lang).to_owned(), value: p.value, target: p.target, gap: p.gap })
                .collect(),
            owner: plan.office(&target.sources.owner),
            formula: target.row.formula.clone(),
            quote: target.row.quote.clone(),
            sentences: plan.sentence_views.iter().filter(|v| v.feeds.iter().any(|f| f.feed.to_string() == feed)).map(|v| v.id.clone()).collect(),
            source_page,
        }
    }

    /// The latest value.
    pub(crate) fn latest(&self) -> Option<&ValueOut> {
        self.values.iter().rfind(|v| v.year <= self.due)
    }
}

/// All targets.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TargetsOut {
    /// The day.
    pub(crate) on: String,
    /// Targets.
    pub(crate) targets: Vec<TargetOut>,
}

impl TargetsOut {
    /// All of them on the day of the plan.
    pub(crate) fn of(plan: &Planbook, lang: Lang) -> Self {
        Self { on: plan.on.to_string(), targets: plan.targets.iter().map(|t| TargetOut::of(plan, t, lang)).collect() }
    }
}

/// A milestone.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MilestoneOut {
    /// Its id.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// Its weight.
    pub(crate) weight: f64,
    /// When it was due first.
    pub(crate) due_first: String,
    /// When it is due now.
    pub(crate) due: String,
    /// When it was done, by accepted evidence.
    pub(crate) done_on: Option<String>,
    /// The evidence.
    pub(crate) evidence: String,
    /// What stands open.
    pub(crate) open: Option<String>,
}

/// A project.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ProjectOut {
    /// Its id.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// The clause of the plan.
    pub(crate) clause: String,
    /// The office that leads.
    pub(crate) lead: String,
    /// The county.
    pub(crate) county: String,
    /// When it began and is due.
    pub(crate) start: String,
    /// When it is due.
    pub(crate) due: String,
    /// The share that is done.
    pub(crate) done: f64,
    /// The share that was planned to be.
    pub(crate) planned: f64,
    /// Days the oldest unfinished milestone is overdue.
    pub(crate) overdue_days: i64,
    /// Lamp: blue, green, grey, yellow, red.
    pub(crate) lamp: String,
    /// Where months in red lead to.
    pub(crate) supervision: Option<String>,
    /// Paid over budget.
    pub(crate) paid: Option<f64>,
    /// Lamps at ends of months.
    pub(crate) lamps: Vec<(String, String)>,
    /// What contradicts its "done".
    pub(crate) contradictions: Vec<String>,
    /// Milestones.
    pub(crate) milestones: Vec<MilestoneOut>,
}

impl ProjectOut {
    fn of(plan: &Planbook, project: &ProjectView, lang: Lang) -> Self {
        Self {
            id: project.id.clone(),
            title: project.title.clone(),
            clause: project.clause.clone(),
            lead: plan.office(&project.offices[0]),
            county: plan.place(&project.county).get(lang).to_owned(),
            start: project.start.clone(),
            due: project.due.clone(),
            done: project.progress.done,
            planned: project.progress.planned,
            overdue_days: project.progress.overdue_days,
            lamp: lamp_word(project.progress.lamp).to_owned(),
            supervision: project.supervision.map(|s| s.title().get(lang).to_owned()),
            paid: project.paid,
            lamps: project.lamps.iter().map(|(day, lamp)| (day.clone(), lamp_word(*lamp).to_owned())).collect(),
            contradictions: project.contradictions.iter().map(|t| t.get(lang).to_owned()).collect(),
            milestones: project
                .milestones
                .iter()
                .map(|m| MilestoneOut {
                    id: m.id.clone(),
                    title: m.title.clone(),
                    weight: m.weight,
                    due_first: m.due_first.to_string(),
                    due: m.due.to_string(),
                    done_on: m.done_on.map(|d| d.to_string()),
                    evidence: m.evidence.clone(),
                    open: m.open.as_ref().map(|t| t.get(lang).to_owned()),
                })
                .collect(),
        }
    }
}

/// All projects.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ProjectsOut {
    /// The day.
    pub(crate) on: String,
    /// Projects, the worst first.
    pub(crate) projects: Vec<ProjectOut>,
}

impl ProjectsOut {
    /// All of them on the day of the plan, of one clause where that is asked.
    pub(crate) fn of(plan: &Planbook, clause: Option<&str>, lang: Lang) -> Self {
        let of_clause = |p: &&ProjectView| clause.is_none_or(|c| p.clause == c || p.clause.trim_start_matches("任务") == c.trim_start_matches("任务"));
        let mut sorted: Vec<&ProjectView> = plan.projects.iter().filter(of_clause).collect();
        sorted.sort_by(|a, b| (b.progress.lamp, &a.id).cmp(&(a.progress.lamp, &b.id)));
        Self { on: plan.on.to_string(), projects: sorted.into_iter().map(|p| ProjectOut::of(plan, p, lang)).collect() }
    }
}

/// True where a value was computed and not typed.
pub(crate) fn is_computed(fed: &str) -> bool {
    fed == Fed::Computed.word()
}
