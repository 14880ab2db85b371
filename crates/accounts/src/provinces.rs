//! The first two digits of a division code: which province a place is in (GB/T 2260-2007, table 1).

/// Code, Chinese short name, English name.
const PROVINCES: [(&str, &str, &str); 34] = [
    ("11", "北京", "Beijing"),
    ("12", "天津", "Tianjin"),
    ("13", "河北", "Hebei"),
    ("14", "山西", "Shanxi"),
    ("15", "内蒙古", "Inner Mongolia"),
    ("21", "辽宁", "Liaoning"),
    ("22", "吉林", "Jilin"),
    ("23", "黑龙江", "Heilongjiang"),
    ("31", "上海", "Shanghai"),
    ("32", "江苏", "Jiangsu"),
    ("33", "浙江", "Zhejiang"),
    ("34", "安徽", "Anhui"),
    ("35", "福建", "Fujian"),
    ("36", "江西", "Jiangxi"),
    ("37", "山东", "Shandong"),
    ("41", "河南", "Henan"),
    ("42", "湖北", "Hubei"),
    ("43", "湖南", "Hunan"),
    ("44", "广东", "Guangdong"),
    ("45", "广西", "Guangxi"),
    ("46", "海南", "Hainan"),
    ("50", "重庆", "Chongqing"),
    ("51", "四川", "Sichuan"),
    ("52", "贵州", "Guizhou"),
    ("53", "云南", "Yunnan"),
    ("54", "西藏", "Tibet"),
    ("61", "陕西", "Shaanxi"),
    ("62", "甘肃", "Gansu"),
    ("63", "青海", "Qinghai"),
    ("64", "宁夏", "Ningxia"),
    ("65", "新疆", "Xinjiang"),
    ("71", "台湾", "Taiwan"),
    ("81", "香港", "Hong Kong"),
    ("82", "澳门", "Macao"),
];

/// The names of the province that a six-digit code is in; `None` for a code of none.
pub fn of_code(code: &str) -> Option<[&'static str; 2]> {
    let two = code.get(..2)?;
    PROVINCES.iter().find(|p| p.0 == two).map(|p| [p.1, p.2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quzhou_is_in_zhejiang() {
        assert_eq!(of_code("330800"), Some(["浙江", "Zhejiang"]));
        assert_eq!(of_code("990000"), None);
        assert_eq!(of_code("衢"), None);
    }
}
