//! What a profile's flags say, held against what the program does: a flag is acted upon, or it says
//! what is done anyway, or it is refused. None is printed as in force and ignored.

use liangshan_accounts::profile::{Parameter, ParameterValue};
use liangshan_vocab::{Problem, Problems, text, words};

use crate::profiles::Method;
use crate::region::{Region, Serving, Weather};

/// A model's number and the flag that gives it where no indicator does.
pub(crate) const NUMBERS: [(&str, &str); 2] = [("clamp_negative", "clamp_negative_water"), ("slope_length_max", "slope_length_max_m")];

/// True unless the profile says that its soil-loss equation has no practice factor; then P is 1.
pub(crate) fn has_practice_factor(method: &Method) -> bool {
    method.profile.flag("rusle_has_P").and_then(|f| f.value.as_flag()).unwrap_or(true)
}

/// The weather that the profile asks for.
pub(crate) fn weather(method: &Method) -> Option<Weather> {
    method.profile.flag("weather").and_then(|f| f.value.as_text()).and_then(Weather::parse)
}

/// Every flag that says something else than what is done: `profile.flag_unsupported`,
/// `profile.flag_contradicts`; and a note where the region overrides one.
pub(crate) fn faults(region: &Region, method: &Method, chosen: Option<Weather>) -> Problems {
    let mut problems = Problems::new();
    let flag = |name: &str| method.profile.flag(name);
    for (name, done) in [
        ("reservoir_cost_annualised", ParameterValue::Flag(false)),
        ("external_deduction", ParameterValue::Number(0.0)),
        ("carbon_method", ParameterValue::Text("nep".into())),
        ("price_update", ParameterValue::Text("none".into())),
        ("o2_basis", ParameterValue::Text("co2".into())),
    ] {
        if let Some(given) = flag(name).filter(|f| !same(&f.value, &done)) {
            let (said, done) = (written(&given.value), written(&done));
            problems.push(
                Problem::error("profile.flag_unsupported", words!("选项 {name} = {said} 尚不支持", "the flag {name} = {said} is not supported yet"))
                    .key(format!("flags.{name}"))
                    .expect(words!("{name} = {done}", "{name} = {done}"))
                    .fix(text("改为所支持的取值；程序不会接受一个不起作用的选项", "write the value that is supported; a flag without effect is not accepted")),
            );
        }
    }
    let counted = |indicator: &str| match method.flow(indicator) {
        Some(flow) => flow.model().and_then(|f| f.counted.clone()),
        None => None,
    };
    // Oxygen goes with the carbon of the same classes, where the profile counts it.
    let oxygen = method.profile.inclusion("oxygen_release").counts().then_some(("carbon_classes", "oxygen_release"));
    for (name, indicator) in [("carbon_classes", "carbon_sequestration"), ("soil_classes", "soil_retention")].into_iter().chain(oxygen) {
        let done = counted(indicator).unwrap_or_else(|| "all".into());
        contradiction(flag(name), &done, &format!("indicator.{indicator}.counted"), &mut problems);
    }
    if let Some(carbon) = method.profile.method("carbon_sequestration") {
        contradiction(flag("carbon_price_basis"), &carbon.basis, "indicator.carbon_sequestration.basis", &mut problems);
    }
    if let Some(supply) = method.profile.method("supply_agriculture") {
        let done = if supply.how == "output_share" { "market_output" } else { supply.how.as_str() };
        contradiction(flag("material_method"), done, "indicator.supply_agriculture.how", &mut problems);
    }
    problems.extend(crate::purification::faults(method));
    let wanted = weather(method);
    if chosen.is_none()
        && let (Some(wanted), Some(declared)) = (wanted, region.declared.weather)
        && wanted != declared
    {
        let (asked, done) = (wanted.word(), declared.word());
        problems.push(
            Problem::note(
                "profile.flag_overridden",
                words!("方法方案要求天气 {asked}，region.toml 定为 {done}", "the profile asks for {asked} weather, region.toml says {done}"),
            )
            .key("flags.weather"),
        );
    }
    let daily = matches!(region.declared.layers.get("r").map(|l| &l.serving), Some(Serving::DailyRain { .. }));
    if let Some(asked) = flag("erosivity_source").and_then(|f| f.value.as_text())
        && region.declared.layers.contains_key("r")
        && (asked == "daily") != daily
    {
        let done = if daily { "daily" } else { "raster" };
        problems.push(
            Problem::note(
                "profile.flag_overridden",
                words!(
                    "方法方案要求侵蚀力来源 {asked}，region.toml 的 [layer.r] 提供的是 {done}",
                    "the profile asks for erosivity from {asked}, [layer.r] of region.toml gives {done}"
                ),
            )
            .key("flags.erosivity_source"),
        );
    }
    problems
}

fn contradiction(flag: Option<&Parameter>, done: &str, by: &str, problems: &mut Problems) {
    let Some(flag) = flag.filter(|f| f.value.as_text().is_some_and(|said| said != done)) else { return };
    let (name, said) = (flag.name.as_str(), written(&flag.value));
    problems.push(
        Problem::error("profile.flag_contradicts", words!("选项 {name} = {said} 与 {by} = {done} 矛盾", "the flag {name} = {said} contradicts {by} = {done}"))
            .key(format!("flags.{name}"))
            .expect(words!("两处一致", "the same in both places"))
            .fix(words!("改其中之一", "correct one of them")),
    );
}

fn same(a: &ParameterValue, b: &ParameterValue) -> bool {
    match (a.as_flag(), b.as_flag()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

fn written(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Number(number) => format!("{number}"),
        ParameterValue::Text(word) => word.clone(),
        ParameterValue::Flag(yes) => yes.to_string(),
    }
}
