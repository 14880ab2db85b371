//! Published accounts of other places, to hold one's own per km² against. Facts as printed, each with
//! its source; an area that its source does not print is marked.

use liangshan_vocab::{Evidence, Text, text};

/// An account that was published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Published {
    /// The place.
    pub place: (&'static str, &'static str),
    /// The year it is of.
    pub year: i32,
    /// Its area, km².
    pub area_km2: f64,
    /// Whether the area was read in the source, or recalled.
    pub area_evidence: Evidence,
    /// The total, 1e8 CNY.
    pub total: f64,
    /// What it says of single services.
    pub services: &'static [PublishedService],
    /// Where it was read.
    pub source: &'static str,
}

/// One service of a published account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublishedService {
    /// The catalogue indicator.
    pub indicator: &'static str,
    /// Its quantity and unit; absent where it is a sum of several.
    pub quantity: Option<(f64, &'static str)>,
    /// Its value, 1e8 CNY.
    pub value: f64,
}

const fn service(indicator: &'static str, quantity: Option<(f64, &'static str)>, value: f64) -> PublishedService {
    PublishedService { indicator, quantity, value }
}

impl Published {
    /// What the place is called.
    pub fn name(&self) -> Text {
        text(self.place.0, self.place.1)
    }

    /// The total over the area, 1e4 CNY/km².
    pub fn per_km2(&self) -> f64 {
        self.total * 1e4 / self.area_km2
    }

    /// A service of it.
    pub fn service(&self, indicator: &str) -> Option<&'static PublishedService> {
        self.services.iter().find(|s| s.indicator == indicator)
    }
}

/// The accounts there are, in order of value per km².
pub const PUBLISHED: [Published; 5] = [
    Published {
        place: ("甘孜藏族自治州", "Garze prefecture"),
        year: 2010,
        area_km2: 149_687.70,
        area_evidence: Evidence::Verified,
        total: 7545.59,
        services: &[
            service("water_conservation", Some((321.49e8, "m3")), 2269.71),
            service("soil_retention", Some((38.86e8, "t")), 399.60),
            service("flood_regulation", Some((8.43e8, "m3")), 59.49),
            service("air_purification", None, 0.0325),
            service("water_purification", None, 0.0435),
            service("carbon_sequestration", Some((0.31e8, "t CO2")), 117.35),
            service("oxygen_release", Some((2.51e8, "t O2")), 1821.92),
            service("climate_regulation", Some((4071.45e8, "kWh")), 2157.86),
            service("pest_control", Some((869.13e4, "ha")), 13.93),
            service("tourism_health", None, 70.67),
        ],
        source: "白玛卓嘎等 2017，生态学报 37(19):6302-6312，doi 10.5846/stxb201607011362",
    },
    Published {
        place: ("全国（陆域）", "China, land"),
        year: 2015,
        area_km2: 9.6e6,
        area_evidence: Evidence::Unverified,
        total: 728_100.0,
        services: &[],
        source: "马国霞等 2017，中国环境科学 37(4)，摘要",
    },
    Published {
        place: ("云南峨山县", "Eshan, Yunnan"),
        year: 2015,
        area_km2: 1_972.0,
        area_evidence: Evidence::Unverified,
        total: 158.42,
        services: &[],
        source: "游旭等 2019，生态学报 39(9):3051-3061，doi 10.5846/stxb201806021234，摘要",
    },
    Published {
        place: ("安徽绩溪县", "Jixi, Anhui"),
        year: 2023,
        area_km2: 1_126.0,
        area_evidence: Evidence::Unverified,
        total: 354.15,
        services: &[],
        source: "doi 10.19741/j.issn.1673-4831.2025.0464，摘要",
    },
    Published {
        place: ("浙江宁海县", "Ninghai, Zhejiang"),
        year: 2018,
        area_km2: 1_843.0,
        area_evidence: Evidence::Unverified,
        total: 1_259.03,
        services: &[],
        source: "陈梅等 2021，生态学报 41(14):5899-5907，doi 10.5846/stxb202008032025，摘要",
    },
];

#[cfg(test)]
mod tests {
    use liangshan_vocab::Unit;

    use super::*;
    use crate::catalogue;

    /// The method sheet's own division: Garze 504, and county figures of about 3,100 and 6,800, all in
    /// 1e4 CNY/km².
    #[test]
    fn values_per_area_are_those_of_the_sheet() {
        let of = |zh: &str| PUBLISHED.iter().find(|p| p.place.0.contains(zh)).unwrap().per_km2();
        assert_eq!(of("甘孜").round(), 504.0);
        assert!((3_050.0..3_200.0).contains(&of("绩溪")) && (6_700.0..6_900.0).contains(&of("宁海")));
        let garze = PUBLISHED[0].service("water_conservation").unwrap();
        // 215 mm over the whole area (sheet, section 11c, derived from case A05).
        assert_eq!((garze.quantity.unwrap().0 / PUBLISHED[0].area_km2 / 1e3).round(), 215.0);
    }

    #[test]
    fn indicators_are_known_and_units_parse() {
        for service in PUBLISHED.iter().flat_map(|p| p.services) {
            assert!(catalogue::indicator(service.indicator).is_some(), "{}", service.indicator);
            assert!(service.quantity.is_none_or(|(_, unit)| Unit::parse(unit).is_ok()));
        }
        assert!(PUBLISHED.windows(2).all(|w| w[0].per_km2() <= w[1].per_km2()));
    }
}
