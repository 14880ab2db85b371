"""Writes the invented rows of `plan/registers/` and the office list beside those of the pack.

Run by hand: `python make/registers.py`. Standard library only; a fixed seed, so that it writes the same
bytes every time. Everything it writes is synthetic but the names that the plan itself gives (named works,
mechanisms, agreements, funds, places of nature), which carry the state `not_reported` and no figures.
"""

import csv
import hashlib
import random
from pathlib import Path

REGION = Path(__file__).resolve().parent.parent
PLAN = REGION / "plan"
OUT = PLAN / "registers"
COUNTIES = {"330802": "柯城区", "330803": "衢江区", "330822": "常山县", "330824": "开化县", "330825": "龙游县", "330881": "江山市"}
CENTRES = {"330802": (118.85, 28.97), "330803": (118.96, 28.98), "330822": (118.51, 28.90), "330824": (118.41, 29.14), "330825": (119.17, 29.03), "330881": (118.63, 28.74)}
SHARES = {"330802": 0.13, "330803": 0.19, "330822": 0.14, "330824": 0.20, "330825": 0.15, "330881": 0.19}
MADE = "invented by make/registers.py of this region"
NAMED = "names out of the plan's text; no figure was reported"


def rows_of(path):
    with open(REGION / path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def write(name, rows, zh, en, origin="synthetic", source=MADE, period="2018-2020", method="A fixed seed; no row stands for a real thing.", folder=OUT):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.csv"
    with open(path, "w", encoding="utf-8", newline="") as f:
        w = csv.DictWriter(f, fieldnames=list(rows[0]), lineterminator="\n")
        w.writeheader()
        w.writerows(rows)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    said = {"title_zh": zh, "title_en": en, "origin": origin, "from": source, "licence": "CC0-1.0", "period": period, "crs": "", "unit": "", "method": method,
            "delivered": "made for this project", "covers": f"{len(rows)} rows", "sha256": digest}
    Path(f"{path}.toml").write_text("".join(f'{k} = "{v}"\n' for k, v in said.items()), encoding="utf-8")


def spread(r, n):
    """So many counties, by their shares, in a mixed order."""
    out = []
    for code, share in SHARES.items():
        out += [code] * round(n * share)
    while len(out) < n:
        out.append(r.choice(list(SHARES)))
    r.shuffle(out)
    return out[:n]


def near(r, code, far=0.09):
    lon, lat = CENTRES[code]
    return round(lon + r.uniform(-far, far), 5), round(lat + r.uniform(-far, far), 5)


def day(r, year, first=1, last=12):
    return f"{year}-{r.randint(first, last):02d}-{r.randint(1, 28):02d}"


def villages(r):
    # By the end of 2019 there are 742 and by the end of 2020 1026, as in target_indicator_values.csv.
    def village(prefix, called, by_year, withdrawn):
        rows, n = [], 0
        for year, count in by_year:
            for code in spread(r, count):
                n += 1
                rows.append({"village_id": f"DEMO-{prefix}{n:04d}", "name_zh": f"示例{called}{n:04d}（{COUNTIES[code]}）", "county_code": code, "grade": r.choices(["A", "2A", "3A"], [6, 3, 1])[0],
                             "accepted_on": day(r, year), "inspected_on": "", "withdrawn_on": "", "state": "accepted", "origin": "synthetic"})
        old = [row for row in rows if row["accepted_on"] < "2019"]
        for row in r.sample(old, withdrawn):
            row["inspected_on"] = row["withdrawn_on"] = day(r, 2020, 3, 11)
            row["state"] = "withdrawn"
        return rows
    scenic = village("V", "景区化村庄", [(2018, 352), (2019, 390), (2020, 291)], 7)
    write("villages_scenic", scenic, "示例A级景区化村庄", "Sample A-grade scenic villages", method="Counts agree with the invented values of sources/targets/target_indicator_values.csv: 742 at the end of 2019, 1026 at the end of 2020.")
    central = village("C", "中心村", [(2018, 80), (2019, 78), (2020, 45)], 2)
    for row in central:
        del row["grade"]
    write("villages_central", central, "示例中心村", "Sample central villages", method="Counts agree with the invented values of sources/targets/target_indicator_values.csv: 158 at the end of 2019, 201 at the end of 2020.")
    trees = []
    for i, code in enumerate(spread(r, 24), 1):
        planted = r.randint(9000, 14000)
        trees.append({"village_id": f"DEMO-T{i:03d}", "name_zh": f"示例万树村{i:03d}（{COUNTIES[code]}）", "county_code": code, "trees_planted": planted, "trees_alive": int(planted * r.uniform(0.82, 0.97)),
                      "species": r.choice(["榉树", "浙江楠", "银杏", "香榧"]), "planted_on": day(r, r.choice([2018, 2019, 2020]), 2, 4), "subsidy_yuan": planted * 4, "origin": "synthetic"})
    write("villages_trees", trees, "示例一村万树村", "Sample ten-thousand-trees villages")


def land(r):
    mines, hazards, repairs = [], [], []
    for i, code in enumerate(spread(r, 18), 1):
        lon, lat = near(r, code)
        state = r.choices(["working", "abandoned", "repairing", "repaired"], [3, 2, 3, 6])[0]
        mines.append({"mine_id": f"DEMO-M{i:03d}", "name_zh": f"示例矿山{i:03d}（{COUNTIES[code]}）", "county_code": code, "lon": lon, "lat": lat, "mineral": r.choice(["石灰岩", "萤石", "石煤", "建筑石料"]),
                      "area_ha": round(r.uniform(1.5, 22), 2), "state": state, "repaired_on": day(r, r.choice([2018, 2019])) if state == "repaired" else "", "origin": "synthetic"})
    for i, code in enumerate(spread(r, 20), 1):
        lon, lat = near(r, code)
        households = r.randint(3, 60)
        state = r.choices(["watched", "moving", "removed"], [4, 3, 5])[0]
        moved = {"watched": 0, "moving": households // 2, "removed": households}[state]
        hazards.append({"hazard_id": f"DEMO-H{i:03d}", "name_zh": f"示例隐患点村{i:03d}（{COUNTIES[code]}）", "county_code": code, "lon": lon, "lat": lat, "kind": r.choice(["landslide", "collapse", "debris_flow"]),
                        "households": households, "moved": moved, "rain_alarm_mm_24h": r.choice([80, 100, 120]), "state": state, "origin": "synthetic"})
    projects = [p["project_id"] for p in rows_of("sources/projects/sample_projects.csv") if "矿山" in p["name_zh"]]
    for i, code in enumerate(spread(r, 10), 1):
        lon, lat = near(r, code)
        d = r.uniform(0.001, 0.004)
        ring = "; ".join(f"{lon + x * d:.5f} {lat + y * d:.5f}" for x, y in [(0, 0), (1, 0.2), (1.1, 0.9), (0.1, 1)])
        state = r.choice(["planned", "working", "accepted", "accepted"])
        kind = r.choice(["slope", "mine", "farmland", "wetland", "forest"])
        repairs.append({"site_id": f"DEMO-R{i:03d}", "name_zh": f"示例修复地块{i:03d}（{COUNTIES[code]}）", "county_code": code, "kind": kind, "area_ha": round(r.uniform(2, 30), 2), "path": ring,
                        "project_id": r.choice(projects) if kind == "mine" else "", "state": state, "accepted_on": day(r, 2019) if state == "accepted" else "", "origin": "synthetic"})
    write("mines", mines, "示例矿山", "Sample mines")
    write("hazard_villages", hazards, "示例地质灾害隐患点村庄", "Sample villages at geohazards")
    write("repair_sites", repairs, "示例生态修复地块", "Sample repair sites")


def air_and_water(r):
    boilers, terminals, reaches, facilities = [], [], [], []
    for i, code in enumerate(spread(r, 30), 1):
        lon, lat = near(r, code)
        state = r.choices(["listed", "converted", "scrapped"], [2, 3, 6])[0]
        boilers.append({"unit_id": f"DEMO-B{i:03d}", "name_zh": f"示例锅（窑）炉{i:03d}（{COUNTIES[code]}）", "county_code": code, "lon": lon, "lat": lat, "kind": r.choice(["boiler", "boiler", "kiln"]),
                        "fuel": "coal" if state == "listed" else r.choice(["gas", "biomass", "electricity"]), "t_h": r.choice([2, 4, 6, 10]), "inside_no_burn": r.choice(["yes", "no"]), "deadline": day(r, 2020),
                        "gone_on": "" if state == "listed" else day(r, r.choice([2018, 2019])), "state": state, "origin": "synthetic"})
    for i, code in enumerate(spread(r, 24), 1):
        lon, lat = near(r, code)
        everyone = r.randint(40, 320)
        terminals.append({"terminal_id": f"DEMO-W{i:03d}", "name_zh": f"示例污水终端{i:03d}（{COUNTIES[code]}）", "county_code": code, "lon": lon, "lat": lat, "households": int(everyone * r.uniform(0.6, 1)), "households_all": everyone,
                          "process": r.choice(["wetland", "anaerobic", "ao"]), "last_inspected": day(r, 2020, 1, 6), "last_result": r.choices(["met", "missed", "not_sampled"], [7, 1, 2])[0], "state": r.choices(["running", "faulty"], [9, 1])[0], "origin": "synthetic"})
    for i, code in enumerate(spread(r, 18), 1):
        lon, lat = near(r, code, 0.05)
        course = "; ".join(f"{lon + k * 0.004:.5f} {lat + r.uniform(-0.002, 0.002):.5f}" for k in range(4))
        due = r.choice([6, 12, 26])
        reaches.append({"reach_id": f"DEMO-Q{i:03d}", "name_zh": f"示例河段{i:03d}（{COUNTIES[code]}）", "county_code": code, "level": r.choice(["city", "county", "town", "village"]), "chief_post": f"示例河长岗位{i:03d}", "days_between": r.choice([7, 15, 30]),
                        "patrols_due": due, "patrols_done": due - r.choice([0, 0, 1, 2]), "problems_open": r.choice([0, 0, 0, 1, 2]), "path": course, "origin": "synthetic"})
    for i, code in enumerate(spread(r, 12), 1):
        lon, lat = near(r, code)
        facilities.append({"facility_id": f"DEMO-F{i:03d}", "name_zh": f"示例农田净化设施{i:03d}（{COUNTIES[code]}）", "county_code": code, "lon": lon, "lat": lat, "kind": r.choice(["ditch", "pond", "basin"]), "serves_ha": round(r.uniform(5, 80), 1), "size": r.randint(100, 3000), "origin": "synthetic"})
    plants = []
    for e in rows_of("sources/enterprises/sample_enterprises.csv"):
        if e["industry_code"] == "D4620":
            plants.append({"plant_id": e["enterprise_id"], "name_zh": e["name_zh"] + "（污水处理厂）", "county_code": e["county_code"], "lon": e["lon"], "lat": e["lat"], "capacity_1e4_m3_d": "", "level": "town", "standard": "",
                           "online": e["online_monitor"], "mn": e["mn"], "state": "running", "origin": e["origin"]})
    write("boilers_kilns", boilers, "示例燃煤锅炉与窑炉", "Sample boilers and kilns")
    write("sewage_terminals", terminals, "示例农村污水终端", "Sample rural sewage terminals")
    write("patrol_reaches", reaches, "示例巡河河段", "Sample patrol reaches")
    write("farm_water_facilities", facilities, "示例农田排水净化设施", "Sample facilities that clean farm runoff")
    write("sewage_plants", plants, "示例污水处理厂", "Sample sewage treatment plants", source="rows of sources/enterprises/sample_enterprises.csv with industry D4620", method="Rows of the pack, in the columns of the register; capacity and standard were not given.")


def waste(r):
    units, facilities, trips = [], [], []
    for e in rows_of("sources/enterprises/sample_enterprises.csv"):
        treats = e["industry_code"] == "N7724"
        if float(e["hazardous_waste_t"]) > 0 or treats:
            units.append({"unit_id": f"HW-{e['enterprise_id'][5:]}", "enterprise_id": e["enterprise_id"], "name_zh": e["name_zh"], "county_code": e["county_code"], "role": "treater" if treats else "producer",
                          "waste_codes": {"C3360": "HW17", "C2614": "HW11", "C3841": "HW06"}.get(e["industry_code"], "HW49"), "produced_t": e["hazardous_waste_t"], "stored_t": "", "licence_t": "", "video": e["online_monitor"], "state": "regular", "origin": e["origin"]})
    for i, kind in enumerate(["incineration", "landfill", "kitchen", "kitchen", "construction", "industrial", "hazardous", "hazardous"], 1):
        code = list(COUNTIES)[i % 6]
        lon, lat = near(r, code)
        facilities.append({"facility_id": f"DEMO-X{i:02d}", "name_zh": f"示例处置设施{i:02d}（{COUNTIES[code]}）", "county_code": code, "lon": lon, "lat": lat, "kind": kind, "capacity_t_d": r.choice([50, 100, 200, 500, 1000]),
                           "action": {"hazardous": "upgrade", "landfill": "regulate"}.get(kind, "keep"), "state": "running", "origin": "synthetic"})
    for i in range(1, 61):
        kind = r.choices(["other", "kitchen", "recyclable", "harmful"], [55, 30, 14, 1])[0]
        loaded = round(r.uniform(2, 9), 2)
        trips.append({"trip_id": f"DEMO-K{i:03d}", "county_code": r.choice(list(COUNTIES)), "facility_id": "DEMO-X03" if kind == "kitchen" else "DEMO-X01", "kind": kind, "left_at": day(r, 2020, 4, 6), "loaded_t": loaded,
                      "weighed_t": round(loaded * r.uniform(0.985, 1.0), 2), "origin": "synthetic"})
    write("hazardous_units", units, "示例危险废物单位", "Sample hazardous-waste units", source="rows of sources/enterprises/sample_enterprises.csv with hazardous waste", method="Rows of the pack, in the columns of the register; classes of waste are invented.", origin="synthetic")
    write("waste_facilities", facilities, "示例固体废物处置设施", "Sample waste facilities")
    write("waste_trips", trips, "示例垃圾清运车次", "Sample waste trips")


def named(r):
    systems = rows_of("plan/systems.csv")
    fed_by = lambda register: [s for s in systems if f"register:{register}" in s["feeds"].split()]
    works = [{"work_id": f"W-{s['id']}", "name_zh": s["text"], "owner_office": s["owner"], "plan_row": s["id"], "state": "not_reported", "reported_on": "", "name_origin": "measured"} for s in fed_by("named_works")]
    things = [{"mechanism_id": f"Z-{s['id']}", "name_zh": s["text"], "owner_office": s["owner"], "plan_row": s["id"], "state": "not_reported", "document": "", "reported_on": "", "name_origin": "measured"} for s in fed_by("mechanisms")]
    agreements = [{"agreement_id": f"A-{s['id']}", "name_zh": s["text"], "parties": "见方案原文", "owner_office": s["owner"], "plan_row": s["id"], "signed_on": "", "until": "", "state": "not_reported", "name_origin": "measured"} for s in fed_by("agreements")]
    funds = [{"fund_id": f"F-{s['id']}", "name_zh": s["text"], "year": 2020, "county_code": "330800", "budget_1e4_cny": "", "allocated_1e4_cny": "", "paid_1e4_cny": "", "score": "", "plan_row": s["id"], "state": "not_reported", "origin": "measured"} for s in fed_by("special_funds")]
    places = [("江郎山", "Jianglangshan", "330881", "mountain"), ("钱江源", "Qianjiangyuan", "330824", "source"), ("紫薇山", "Ziweishan", "330803", "mountain"), ("乌溪江", "Wuxijiang", "330803", "river"), ("大竹海", "Dazhuhai", "330825", "bamboo"), ("千里岗", "Qianligang", "330803", "mountain")]
    nature = [{"site_id": f"N-{i:02d}", "name_zh": zh, "name_en": en, "county_code": code, "kind": kind, "capacity_day": "", "plan_row": "S214", "state": "not_reported", "name_origin": "measured"} for i, (zh, en, code, kind) in enumerate(places, 1)]
    of_plan = {"origin": "measured", "source": NAMED, "method": "One row for each thing that the plan names; nothing was reported on it.", "period": "2018"}
    write("named_works", works, "方案点名的工程", "Works that the plan names", **of_plan)
    write("mechanisms", things, "方案点名的制度、试点与创建", "Mechanisms, pilots and checklists that the plan names", **of_plan)
    write("agreements", agreements, "方案点名的协作", "Cooperation that the plan names", **of_plan)
    write("special_funds", funds, "方案点名的资金", "Funds that the plan names", **of_plan)
    write("nature_sites", nature, "方案点名的山水资源", "Places of nature that the plan names", **{**of_plan, "method": "Names out of the plan; the county of each is general knowledge, unverified."})
    bases = []
    for i, code in enumerate(spread(r, 9), 1):
        lon, lat = near(r, code)
        bases.append({"base_id": f"DEMO-J{i:02d}", "name_zh": f"示例教育基地{i:02d}（{COUNTIES[code]}）", "county_code": code, "lon": lon, "lat": lat, "level": r.choice(["national", "province", "city"]), "capacity_day": r.choice([100, 200, 500]),
                      "visits_year": r.randint(2000, 60000), "state": r.choice(["named", "named", "applied"]), "origin": "synthetic"})
    write("education_bases", bases, "示例生态文明教育基地", "Sample education bases")


OFFICES = [("OFF-TRA", "市交通运输局", "transport"), ("OFF-CON", "市住房和城乡建设局", "urban construction"), ("OFF-SCI", "市科技局", "science"), ("OFF-COM", "市商务局", "commerce"), ("OFF-EDU", "市教育局", "education"),
           ("OFF-CIV", "市文明办", "civilisation office"), ("OFF-SPO", "市体育局", "sport"), ("OFF-EME", "市应急管理局", "emergency"), ("OFF-TRP", "市公安局交警支队", "traffic police"), ("OFF-EXC", "市公共资源交易中心", "exchange"),
           ("OFF-FNO", "市金融办", "finance office"), ("OFF-COO", "市山海协作办", "cooperation"), ("OFF-NPK", "钱江源国家公园管理局", "parks"), ("OFF-SUP", "市督查室", "supervision"), ("OFF-TAL", "市人才办", "talents"),
           ("OFF-PRV", "省美丽浙江办公室", "province"), ("OFF-WW5", "市治水办（河长办）", "five waters"), ("OFF-MKT", "市市场监管局", "market"), ("OFF-PRK", "高新园区管委会", "industrial parks"), ("OFF-CTY", "各县（市、区）政府", "counties")]


def offices():
    rows = [{"office_id": i, "name_zh": f"{zh}（示例岗位）", "role": role, "region_code": "330800", "origin": "synthetic"} for i, zh, role in OFFICES]
    write("offices_added", rows, "增补的示例部门", "Offices added to those of the pack", period="2020", method="Posts, not persons; owners of sentences that the pack has no office for.", folder=PLAN)


if __name__ == "__main__":
    offices()
    for n, make in enumerate([villages, land, air_and_water, waste, named]):
        make(random.Random(20180112 + n))
