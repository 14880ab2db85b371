//! The grammar of the command line, in one language at a time.

use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};
use liangshan_vocab::Lang;

/// A text in the language of the grammar.
struct Tongue(Lang);

impl Tongue {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn command(&self, name: &'static str, zh: &'static str, en: &'static str) -> Command {
        self.laid_out(Command::new(name).about(self.say(zh, en))).disable_help_flag(true).arg(self.help())
    }

    /// The layout of help, with headings in the language of the grammar.
    fn laid_out(&self, command: Command) -> Command {
        let template = match self.0 {
            Lang::Zh => "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}",
            Lang::En => "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}",
        };
        command.help_template(template).subcommand_help_heading(self.say("命令", "Commands")).subcommand_value_name(self.say("命令", "COMMAND"))
    }

    fn help(&self) -> Arg {
        self.flag("help", "显示帮助", "show help").short('h').action(ArgAction::Help)
    }

    fn place(&self, name: &'static str, shown: &'static str, zh: &'static str, en: &'static str) -> Arg {
        Arg::new(name).value_name(shown).required(true).help(self.say(zh, en)).help_heading(self.say("参数", "Arguments"))
    }

    fn flag(&self, name: &'static str, zh: &'static str, en: &'static str) -> Arg {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(self.say(zh, en)).help_heading(self.say("选项", "Options"))
    }

    fn option(&self, name: &'static str, shown: &'static str, zh: &'static str, en: &'static str) -> Arg {
        Arg::new(name).long(name).value_name(shown).hide_possible_values(true).help(self.say(zh, en)).help_heading(self.say("选项", "Options"))
    }

    fn region(&self) -> Arg {
        self.place("region", "REGION", "区域目录", "the region's folder").display_order(0)
    }

    fn profile(&self) -> Arg {
        self.option("profile", "P", "方法方案标识；默认用 region.toml 所写", "id of the method profile; by default the one of region.toml")
    }

    fn weather(&self) -> Arg {
        self.option("weather", "W", "天气：year 当年，normal 常年", "weather: year, or normal for the multi-year normal").value_parser(["year", "normal"])
    }

    fn threads(&self) -> Arg {
        self.option("threads", "N", "线程数；结果与线程数无关", "threads; the result does not depend on it").value_parser(value_parser!(u16).range(1..=1024))
    }
}

/// The whole grammar.
pub(super) fn command(lang: Lang) -> Command {
    let t = Tongue(lang);
    let years = t
        .option("year", "Y", "核算年份，可重复；默认为区域的全部年份", "accounting year, may be repeated; all of the region by default")
        .action(ArgAction::Append)
        .value_parser(value_parser!(i32));
    let about =
        t.say("两山：从区域目录到可解释的生态产品总值账户", "Liangshan: from a region's folder to an ecosystem account in which every number explains itself");
    t.laid_out(Command::new("liangshan").about(about))
        .version(liangshan_atlas::VERSION)
        .after_help(t.say(
            "退出码：0 正常；1 输入有问题（已列出）；2 用法有误；3 内部错误；130 被 Ctrl-C 中止",
            "Exit codes: 0 fine; 1 problems in the input, listed; 2 wrong use; 3 internal fault; 130 stopped by Ctrl-C",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(t.help())
        .arg(t.flag("version", "显示版本", "show the version").short('V').action(ArgAction::Version))
        .arg(t.option("lang", "LANG", "语言：zh 或 en", "language: zh or en").global(true).value_parser(["zh", "en"]))
        .arg(t.flag("json", "标准输出为一个 JSON 文档", "one JSON document on standard output").global(true))
        .arg(t.flag("quiet", "不显示进度", "no progress").global(true))
        .subcommand(t.command("new", "新建一个区域模板", "write a documented template of a region").arg(t.place("dir", "DIR", "新目录", "the new folder")))
        .subcommand(
            t.command("sample", "编造一个任意大小的样例区域（全部虚构）", "invent a synthetic region of any size")
                .arg(t.place("dir", "DIR", "新目录", "the new folder"))
                .arg(t.option("cells", "N", "每边格数；默认 96", "cells along a side; 96 by default").value_parser(value_parser!(u32)))
                .arg(t.option("cell-m", "M", "格网边长（米）；默认 100", "side of a cell, m; 100 by default").value_parser(value_parser!(f64)))
                .arg(
                    t.option("year", "Y", "核算年份，可重复；默认 2019 与 2020", "accounting year, may be repeated; 2019 and 2020 by default")
                        .action(ArgAction::Append)
                        .value_parser(value_parser!(i32)),
                )
                .arg(t.option("seed", "S", "种子；换一个数，换一片土地", "seed; another number, another land").value_parser(value_parser!(u64)))
                .arg(t.threads()),
        )
        .subcommand(
            t.command("check", "一次列出全部问题，不作计算", "list every problem at once, compute nothing")
                .arg(t.region())
                .arg(t.profile())
                .arg(t.weather())
                .arg(t.threads()),
        )
        .subcommand(
            t.command("run", "核算并写出账户、地图与报告", "compute the account and write it with maps and report")
                .arg(t.region())
                .arg(years)
                .arg(t.profile())
                .arg(t.weather())
                .arg(t.option("out", "DIR", "输出目录；默认 REGION/out/<方案>/", "output folder; REGION/out/<profile>/ by default"))
                .arg(t.threads())
                .arg(t.option("memory", "SIZE", "分块可用内存，如 200M、2G", "memory for blocks in flight, such as 200M or 2G")),
        )
        .subcommand(
            t.command("explain", "说明一个数是怎么来的", "explain why a number is what it is")
                .arg(t.region())
                .arg(t.place("indicator", "INDICATOR", "指标标识；总值用 gep", "indicator id; gep for the total"))
                .arg(t.option("place", "CODE", "区划代码", "division code").required(true))
                .arg(t.option("year", "Y", "核算年份", "accounting year").required(true).value_parser(value_parser!(i32)))
                .arg(t.option("ecosystem", "TYPE", "生态系统类型；默认 all", "ecosystem type; all by default"))
                .arg(t.profile())
                .arg(t.weather()),
        )
        .subcommand(
            t.command("review", "评审质询单：专家评审会攻击什么，按所涉金额排序", "what an expert review will attack, ranked by the yuan at stake")
                .arg(t.region())
                .arg(
                    t.option("year", "Y", "核算年份；默认最近一年", "accounting year; the latest by default")
                        .action(ArgAction::Append)
                        .value_parser(value_parser!(i32)),
                )
                .arg(t.option("top", "N", "只列前 N 条；默认 20，0 为全部", "only the first N; 20 by default, 0 for all").value_parser(value_parser!(u32)))
                .arg(t.profile())
                .arg(t.weather())
                .arg(t.threads()),
        )
        .subcommand(
            t.command("template", "为各部门写出空表（XLSX 与 CSV）", "write empty tables for departments to fill in (XLSX and CSV)")
                .arg(t.region())
                .arg(
                    t.option("dir", "DIR", "写到这个目录，每个部门一个子目录", "the folder to write to, one folder below it for each department")
                        .required(true),
                )
                .arg(t.option("department", "ID", "只要这个部门；默认全部", "this department only; all by default"))
                .arg(
                    t.option(
                        "year",
                        "Y",
                        "预填的年份，可重复；默认为区域的全部年份",
                        "years that stand there already, may be repeated; all of the region by default",
                    )
                    .action(ArgAction::Append)
                    .value_parser(value_parser!(i32)),
                ),
        )
        .subcommand(
            t.command(
                "receive",
                "读回部门填好的表：一次列出全部问题，无误才接受并记入事实链",
                "read back what departments filled in: every problem at once; taken over and recorded only when clean",
            )
            .arg(t.region())
            .arg(t.place("file", "FILE", "CSV 或 XLSX 文件，可多个", "CSV or XLSX files").num_args(1..))
            .arg(t.option("by", "OFFICE", "报送部门，须在区域的部门表中", "the office that delivers, one of the region's table of offices").required(true))
            .arg(t.option(
                "on",
                "DATE",
                "报送日期，如 2026-03-01；默认今天（北京时间）",
                "the day it was delivered, such as 2026-03-01; today in China by default",
            ))
            .arg(
                t.option(
                    "origin",
                    "ORIGIN",
                    "表中未写明来源性质时：measured（默认）、modelled、synthetic 或 mixed",
                    "where the table does not say it: measured (the default), modelled, synthetic or mixed",
                )
                .value_parser(["measured", "modelled", "synthetic", "mixed"]),
            )
            .arg(t.option("table", "ID", "表头认不出时，指明是哪张表", "which table it is, where the header does not tell"))
            .arg(
                t.option("accept", "NAME=REASON", "按名称接受一个缺陷并说明理由，可重复", "accept a fault by its name, with the reason; may be repeated")
                    .action(ArgAction::Append),
            )
            .arg(t.option(
                "corrected",
                "DIR",
                "写出更正稿：只更正不须猜测的，逐处标明",
                "write a corrected copy: only what needs no guess, each correction marked",
            ))
            .arg(t.flag("dry-run", "只检查，不写入", "judge only, record nothing")),
        )
        .subcommand(
            t.command("verify", "核对事实链与所记的文件，指出第一处断开", "walk the chain of facts and its files, and name the first broken link")
                .arg(t.region())
                .arg(t.option("head", "DIGEST", "以前记下的链首；链上必须仍有它", "a head noted earlier, which the chain must still have")),
        )
        .subcommand(conform(&t))
        .subcommand(zones(&t))
        .subcommand(assess(&t))
        .subcommand(conflicts(&t))
        .subcommand(
            t.command("calc", "单个公式：JSON 输入，JSON 输出", "one formula: JSON in, JSON out")
                .arg(t.place("name", "NAME", "公式名称，如 rusle.s_factor", "name of the formula, such as rusle.s_factor").required(false))
                .arg(t.flag("list", "列出全部公式", "list all formulas"))
                .arg(t.flag("describe", "说明输入与输出", "describe inputs and outputs"))
                .arg(t.option("input", "FILE|-", "输入文件，- 为标准输入", "input file, - for standard input"))
                .arg(t.option(
                    "rules",
                    "REGION",
                    "在随附标准之上加用该区域 rules/ 中的标准",
                    "use the standards of that region's rules/ on top of those shipped",
                )),
        )
        .subcommand(plan(&t))
        .subcommand(rules(&t))
        .subcommands(serve(&t))
}

fn conform(t: &Tongue) -> Command {
    t.command("conform", "合规性审查：选址与各管控图层的关系、结论与依据", "conformity: what lines and zones say about a project's site")
        .arg(t.region())
        .arg(t.option(
            "site",
            "FILE|-",
            "选址：GeoPackage、GeoJSON、压缩的 Shapefile、WKT、报盘 TXT 或坐标串；- 为标准输入",
            "the site: GeoPackage, GeoJSON, zipped Shapefile, WKT, coordinate TXT or pasted coordinates; - for standard input",
        ))
        .arg(t.option(
            "on",
            "DATE",
            "以该日施行的版本审查；默认用选址的申请日期，没有则为今天",
            "by the editions in force on a day; the site's day of application by default, else today",
        ))
        .arg(
            t.option(
                "fact",
                "FIELD=VALUE",
                "说明项目属性，如 planned_use=housing，可重复",
                "state an attribute of the project, such as planned_use=housing; may be repeated",
            )
            .action(ArgAction::Append),
        )
        .arg(t.option("crs", "EPSG", "坐标系，如 EPSG:4528；坐标认不出或有歧义时", "the reference system, such as EPSG:4528, where coordinates do not tell"))
        .arg(
            t.option("axes", "ORDER", "坐标顺序：east-north 或 north-east", "order of the axes: east-north or north-east")
                .value_parser(["east-north", "north-east"]),
        )
        .arg(t.option("layer", "NAME", "GeoPackage 中的图层", "the layer of a GeoPackage"))
        .arg(t.option("out", "DIR", "写出 JSON、GeoJSON、CSV 与可打印的意见书", "write JSON, GeoJSON, CSV and printable opinions"))
        .arg(t.option(
            "becomes",
            "CLASS",
            "若选址变成该生态系统类别，各项服务的实物量与价值如何变化；类别代码、代码/属性或名称",
            "how every service would change if the site became this ecosystem class: its code, code/attribute or name",
        ))
        .arg(
            t.option("year", "Y", "看服务变化的核算年份；默认最近一年", "accounting year for the change of services; the latest by default")
                .value_parser(value_parser!(i32)),
        )
        .arg(t.profile())
        .arg(t.threads())
        .arg(t.option("verify", "OPINION.json", "复核一份意见：同一问题是否仍得同一结论", "check an opinion again: does the question still get this answer"))
}

fn conflicts(t: &Tongue) -> Command {
    t.command(
        "conflicts",
        "规划之间的冲突图斑：按图层对与部门分组，由大到小",
        "where plans disagree: conflict spots by pair of layers and office, the largest first",
    )
    .arg(t.region())
    .arg(t.option("on", "DATE", "比较该日施行的版本；默认今天", "compare the editions in force on a day; today by default"))
    .arg(t.option("between", "A,B", "只比较两个图层", "compare two layers only"))
    .arg(t.option("out", "DIR", "写出 conflicts.csv、conflicts.gpkg 与 conflicts.json", "write conflicts.csv, conflicts.gpkg and conflicts.json"))
    .arg(
        t.option("decide", "SPOT", "对一个图斑作出决定，记入事实链", "decide about a spot; recorded in the chain of facts").requires("decision").requires("by"),
    )
    .arg(
        t.option(
            "decision",
            "WORD",
            "决定：keep_first 从先者，keep_second 从后者，redraw 调整边界，both 并存，no_conflict 不属于冲突",
            "the decision: keep_first, keep_second, redraw, both or no_conflict",
        )
        .value_parser(["keep_first", "keep_second", "redraw", "both", "no_conflict"]),
    )
    .arg(t.option("by", "OFFICE", "作出决定的部门", "the office that decides"))
    .arg(t.option("reason", "TEXT", "理由", "why"))
}

fn plan(t: &Tongue) -> Command {
    let milestone = "PROJECT/MILESTONE";
    t.command(
        "plan",
        "方案：目标、灯色、项目、登记册，以及没有责任部门或没有数据的语句",
        "the plan: targets, lamps, projects, registers, and what is unowned or unfed",
    )
    .arg(t.region())
    .arg(t.option("on", "DATE", "截至哪一天，如 2020-06-30；默认今天", "the day, such as 2020-06-30; today by default"))
    .arg(t.option("out", "DIR", "写出表格、登记册与 plan.html", "write tables, registers and plan.html to this folder"))
    .arg(t.option("seed", "S", "达标概率的种子；默认用方案所写", "seed of the forecast; by default the plan's own").value_parser(value_parser!(u64)))
    .arg(t.flag("projects", "项目月报", "the statement of projects"))
    .arg(t.option("month", "YYYY-MM", "某月月末的项目月报", "the statement of projects at the end of a month").conflicts_with("on"))
    .arg(t.flag("orphans", "只列悬空的", "only what hangs loose"))
    .arg(t.option("register", "ID", "一个登记册；--json 给出表单与记录", "one register; --json gives its form and records"))
    .arg(
        t.option(
            "judge",
            "FILE",
            "按登记册的声明检查一份 CSV 或 XLSX，不接受",
            "hold a CSV or XLSX against the declaration of the register; nothing is taken over",
        )
        .requires("register"),
    )
    .arg(
        t.option(
            "take",
            "FILE",
            "接受一份表为登记册的记录（须 --by，负责登记的部门）",
            "take a table over as records of the register, with --by an office that keeps it",
        )
        .requires("register")
        .conflicts_with("judge"),
    )
    .arg(
        t.option(
            "origin",
            "ORIGIN",
            "所接受的表的来源性质：measured（默认）、modelled、synthetic 或 mixed",
            "what the rows taken over are: measured (the default), modelled, synthetic or mixed",
        )
        .value_parser(["measured", "modelled", "synthetic", "mixed"])
        .requires("take"),
    )
    .arg(
        t.option("record", "KEY", "一条记录：内容、经历与可办的步骤", "one record: its cells, what happened to it, the steps that are open")
            .requires("register"),
    )
    .arg(
        t.option(
            "step",
            "STEP",
            "办理该记录的一个步骤（须 --by，或须 --evidence）",
            "take a step of the record, with --by, and --evidence where it is asked for",
        )
        .requires("record"),
    )
    .arg(t.option("claim", milestone, "申报里程碑完成（须 --by、--evidence）", "claim a milestone to be done, with --by and --evidence"))
    .arg(t.option("accept", milestone, "认可待认可的佐证（须 --by，另一单位）", "accept the evidence that waits, as another unit"))
    .arg(t.option("move", milestone, "申请改期（须 --by、--due、--reason）", "ask for another due day, with --by and --due and --reason"))
    .arg(t.option("approve", milestone, "批准待批准的改期（须 --by）", "approve the day that waits"))
    .arg(t.option("by", "OFFICE", "办理部门", "the office that does it"))
    .arg(t.option("evidence", "FILE", "佐证文件，存入 received/", "the file of evidence, kept in received/"))
    .arg(t.option("due", "DATE", "新的期限", "the new due day"))
    .arg(t.option("reason", "TEXT", "改期理由", "why it is moved"))
    .group(ArgGroup::new("deed").args(["claim", "accept", "move", "approve", "take", "step"]).multiple(false))
}

fn rules(t: &Tongue) -> Command {
    let own = |zh, en| t.region().required(false).help(t.say(zh, en));
    t.command("rules", "标准即数据：检查、列出、打印", "standards as data: check, list, print")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(
            t.command("check", "单位、名称、施行期与每条规则的样例", "units, names, days in force and the samples of every rule")
                .arg(own("区域目录；其 rules/ 在附带的标准之上", "the region's folder; its rules/ go on top of those shipped")),
        )
        .subcommand(t.command("list", "列出全部标准", "list all standards").arg(own("区域目录", "the region's folder")))
        .subcommand(
            t.command("show", "把一个标准打印成表，并注明来源", "print a standard as tables, with its source")
                .arg(t.place("id", "ID", "标准标识，如 gb3838-2002", "id of the standard, such as gb3838-2002"))
                .arg(own("区域目录", "the region's folder").display_order(1)),
        )
}

fn assess(t: &Tongue) -> Command {
    t.command("assess", "评价一个监测数据文件：水、空气、土壤、固废", "judge a file of monitoring data: water, air, soil, waste")
        .arg(
            t.place("domain", "DOMAIN", "water、air、soil 或 waste", "water, air, soil or waste")
                .value_parser(["water", "air", "soil", "waste"])
                .hide_possible_values(true)
                .display_order(0),
        )
        .arg(t.place("file", "FILE", "CSV（UTF-8 或 GBK）或 XLSX 文件", "a CSV (UTF-8 or GBK) or XLSX file").display_order(1))
        .arg(t.option(
            "standard",
            "ID|A,B",
            "标准或版本；默认按数据日期选用；A,B 两版对比，把差别分为规则变化与自然变化",
            "a standard or edition; by default the one in force on each date; A,B compares two and splits differences into rule and nature",
        ))
        .arg(t.option("stations", "FILE", "断面表：断面、水体类型、目标类别", "a table of sections: section, water type, target class"))
        .arg(
            t.option(
                "limit",
                "ITEM=VALUE",
                "未写检出限的“未检出”按此检出限，可重复",
                "the detection limit of non-detects that do not state theirs; may be repeated",
            )
            .action(ArgAction::Append),
        )
        .arg(t.option("zone", "1|2", "空气功能区类别；默认 2", "class of the zone for the air; 2 by default").value_parser(["1", "2"]))
        .arg(t.option(
            "on",
            "DATE",
            "评价日：贮存天数算到这天，更晚的日期会提醒；默认今天（北京时间）",
            "the day of judgement: storage is counted to it, and later dates are told; today in China by default",
        ))
        .arg(t.option("rules", "REGION", "区域目录；其 rules/ 在附带的标准之上", "a region's folder; its rules/ go on top of those shipped"))
        .arg(t.option(
            "out",
            "DIR",
            "结果目录；默认在当前目录下 assess-<类>-<文件名>/",
            "folder for results; assess-<domain>-<file>/ in the working folder by default",
        ))
}

fn zones(t: &Tongue) -> Command {
    t.command("zones", "分区与控制线：面积、占比、资产与变化", "zones and lines: areas, shares, what they give and how it changes")
        .arg(t.region())
        .arg(t.option(
            "on",
            "DATE",
            "哪一天施行的分区，如 2020-12-31；默认今天（北京时间）",
            "the day whose zones are in force, such as 2020-12-31; today in China by default",
        ))
        .arg(
            t.option("year", "Y", "核算年份，可重复；默认为区域的全部年份", "accounting year, may be repeated; all of the region by default")
                .action(ArgAction::Append)
                .value_parser(value_parser!(i32)),
        )
        .arg(t.option(
            "office",
            "CODE",
            "只看该部门负责的分区；县级部门为本县内的部分",
            "only what an office answers for; of a county's office what lies in the county",
        ))
        .arg(t.flag(
            "pattern",
            "同时求安全格局候选：源地、廊道、节点与敏感性",
            "find candidates of the security pattern too: sources, corridors, nodes, sensitivity",
        ))
        .arg(t.profile())
        .arg(t.weather())
        .arg(t.option("out", "DIR", "输出目录；默认 REGION/out/<方案>/zones/", "output folder; REGION/out/<profile>/zones/ by default"))
        .arg(t.threads())
        .arg(t.option("memory", "SIZE", "分块可用内存，如 200M、2G", "memory for blocks in flight, such as 200M or 2G"))
}

/// `serve`, where the program is built with it.
fn serve(t: &Tongue) -> Option<Command> {
    if cfg!(not(feature = "serve")) {
        return None;
    }
    let command = t
        .command(
            "serve",
            "在浏览器里看这个区域：一张图、核算、规划、环境与公众服务",
            "the region in the browser: map, accounts, plan, environment and public pages",
        )
        .arg(t.region())
        .arg(
            t.option("listen", "ADDR:PORT", "监听地址；默认 127.0.0.1:8080", "where to listen; 127.0.0.1:8080 by default")
                .default_value("127.0.0.1:8080")
                .hide_default_value(true)
                .value_parser(value_parser!(std::net::SocketAddr)),
        )
        .arg(t.profile())
        .arg(t.weather())
        .arg(t.threads())
        .arg(t.option("ui-dir", "DIR", "从目录读取页面文件（修改页面时用）", "read the files of pages from a folder, while making them"));
    Some(command)
}
