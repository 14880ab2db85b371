//! The two tags GDAL adds to TIFF: the missing value as words, and a small XML list of items.

use std::fmt::Write as _;

use liangshan_vocab::{Problem, text, words};
use tiff_reader::{Ifd, TagValue};

pub(super) const GDAL_METADATA: u16 = 42_112;
pub(super) const GDAL_NODATA: u16 = 42_113;

fn said(ifd: &Ifd, tag: u16) -> Option<String> {
    match &ifd.tag(tag)?.value {
        TagValue::Ascii(said) => Some(said.trim_matches(['\0', ' ', '\n']).to_owned()),
        other => other.as_bytes().map(|bytes| String::from_utf8_lossy(bytes).trim_matches(['\0', ' ', '\n']).to_owned()),
    }
}

/// The value that stands for a missing cell, when the file has one.
///
/// # Errors
/// `raster.unreadable` when the tag holds something that is not a number.
pub(super) fn nodata(ifd: &Ifd) -> Result<Option<f64>, Problem> {
    let Some(said) = said(ifd, GDAL_NODATA).filter(|said| !said.is_empty()) else { return Ok(None) };
    if said.eq_ignore_ascii_case("nan") || said.contains("#QNAN") || said.contains("#IND") {
        return Ok(Some(f64::NAN));
    }
    said.parse().map(Some).map_err(|_| {
        Problem::error("raster.unreadable", words!("缺测值标记“{said}”不是数", "the missing value \"{said}\" is not a number"))
            .expect(text("GDAL_NODATA 标签是一个数", "a number in the GDAL_NODATA tag"))
            .fix(text("用 gdal_edit.py -a_nodata 数值 改正后再试", "mend it with gdal_edit.py -a_nodata NUMBER and try again"))
    })
}

/// Scale and offset of the first band.
///
/// # Errors
/// `raster.unreadable` when one is there and is not a number.
pub(super) fn scale_and_offset(ifd: &Ifd) -> Result<[Option<f64>; 2], Problem> {
    let Some(xml) = said(ifd, GDAL_METADATA) else { return Ok([None; 2]) };
    let number = |role: &str| match item(&xml, role) {
        None => Ok(None),
        Some(said) => said.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(Some).ok_or_else(|| {
            Problem::error("raster.unreadable", words!("波段的 {role} “{said}”不是数", "the band's {role} \"{said}\" is not a number"))
                .expect(text("GDAL_METADATA 中的 scale 与 offset 是数", "numbers for scale and offset in the GDAL_METADATA tag"))
                .fix(text("用 gdal_edit.py -scale 与 -offset 改正后再试", "mend them with gdal_edit.py -scale and -offset and try again"))
        }),
    };
    Ok([number("scale")?, number("offset")?])
}

/// The words of the item with this role in the first band.
fn item(xml: &str, role: &str) -> Option<String> {
    let role = format!("role=\"{role}\"");
    xml.split("<Item ").skip(1).find_map(|item| {
        let (attributes, rest) = item.split_once('>')?;
        let first = !attributes.contains("sample=") || attributes.contains("sample=\"0\"");
        (first && attributes.contains(&role)).then(|| unescape(rest.split_once("</Item>").map_or("", |(words, _)| words)))
    })
}

fn unescape(words: &str) -> String {
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

fn escape(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Writes the XML list of one single-band raster.
pub(super) struct Items(String);

impl Items {
    pub(super) fn new() -> Self {
        Self("<GDALMetadata>\n".to_owned())
    }

    /// An item of the whole raster.
    pub(super) fn of_raster(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "  <Item name=\"{}\">{}</Item>", escape(name), escape(value));
    }

    /// An item of the band; `role` as GDAL names it, empty for none.
    pub(super) fn of_band(&mut self, name: &str, role: &str, value: &str) {
        let role = if role.is_empty() { String::new() } else { format!(" role=\"{role}\"") };
        let _ = writeln!(self.0, "  <Item name=\"{}\" sample=\"0\"{role}>{}</Item>", escape(name), escape(value));
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push_str("</GDALMetadata>\n");
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The layout is what GDAL 3.10 writes for a file with two bands, each with its own scale.
    const TWO_BANDS: &str = "<GDALMetadata>\n  <Item name=\"note\">role=\"scale\" &amp; 1 &lt; 2</Item>\n  \
        <Item name=\"SCALE\" sample=\"1\" role=\"scale\">0.5</Item>\n  <Item name=\"OFFSET\" sample=\"0\" role=\"offset\">-273.15</Item>\n  \
        <Item name=\"SCALE\" sample=\"0\" role=\"scale\">0.01</Item>\n</GDALMetadata>";

    #[test]
    fn the_first_band_is_read_whatever_the_order() {
        assert_eq!(item(TWO_BANDS, "scale").as_deref(), Some("0.01"));
        assert_eq!(item(TWO_BANDS, "offset").as_deref(), Some("-273.15"));
        assert_eq!(item(TWO_BANDS, "unittype"), None);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut items = Items::new();
        items.of_raster("来源", "a < b & \"c\"");
        items.of_band("UNITTYPE", "unittype", "t/(ha a)");
        items.of_band("DESCRIPTION", "description", "土壤保持 <&>");
        let xml = items.finish();
        assert_eq!(item(&xml, "description").as_deref(), Some("土壤保持 <&>"));
        assert_eq!(item(&xml, "unittype").as_deref(), Some("t/(ha a)"));
    }
}
