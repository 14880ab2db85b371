"""Writes `sources/monitoring/quzhou_air_stations.geojson`: the national air stations of Quzhou on the map.

Run by hand in this folder's parent: `python make/air_stations.py`. Codes, names and places are taken as
they stand from `sources/monitoring/zhejiang_cnemc_stations_2018-02-20T07.csv`; nothing is moved or added.
"""

import csv
import hashlib
import json
from pathlib import Path

REGION = Path(__file__).resolve().parent.parent
FROM = REGION / "sources/monitoring/zhejiang_cnemc_stations_2018-02-20T07.csv"
INTO = REGION / "sources/monitoring/quzhou_air_stations.geojson"


def main():
    with open(FROM, encoding="utf-8-sig", newline="") as f:
        rows = [row for row in csv.DictReader(f) if row["city"] == "衢州市"]
    features = [
        {
            "type": "Feature",
            "properties": {
                "station_code": row["station_code"], "name_zh": row["station"], "kind": "national_air",
                "parameters": "pm25;pm10;so2;no2;co;o3", "interval": "PT1H",
                "name_origin": "measured", "location_origin": "measured",
            },
            "geometry": {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]},
        }
        for row in sorted(rows, key=lambda r: r["station_code"])
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"
    INTO.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (INTO.parent / (INTO.name + ".toml")).write_text(
        'title_zh = "衢州国控空气站（位置）"\n'
        'title_en = "National air stations of Quzhou, where they are"\n'
        'origin = "measured"\n'
        'from = "zhejiang_cnemc_stations_2018-02-20T07.csv of this region, by make/air_stations.py"\n'
        'licence = "no licence stated (paper citation asked): public monitoring values"\n'
        'period = "2018-02-20"\n'
        'crs = "EPSG:4326"\n'
        'unit = ""\n'
        'method = "Rows of the city as they stand. The datum is not stated by the publisher; taken as WGS84, which may be some hundred metres off."\n'
        'delivered = "made for this project"\n'
        f'covers = "{len(features)} stations"\n'
        f'sha256 = "{digest}"\n',
        encoding="utf-8",
    )


main()
