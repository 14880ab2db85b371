"""Cuts Noto Sans SC down to what the map needs: GB 2312, a few signs, and every character that the region
folders named use, so that no name of theirs has a missing glyph.

    python3 crates/app/make/font.py NotoSansSC_400Regular.ttf crates/app/ui/font/noto-sans-sc-map.woff2 regions/quzhou

Needs fonttools and brotli. A region with characters outside both adds its folder and makes the font anew.
"""

import pathlib
import sys

from fontTools import subset

SIGNS = "²³µ°±×÷·–—‘’“”…‰→←↑↓≥≤≈ⅠⅡⅢⅣⅤⅥ㎡₀₁₂₃₄₅₆₇₈₉⁻¹⁰⁴⁵⁶⁷⁸⁹•●○■□▲△▼▽◆◇★☆αβγδεθλμπσφω¥￥"
TEXTS = {".csv", ".toml", ".geojson", ".txt"}


def wanted(folders):
    characters = {chr(c) for c in range(0x20, 0x7F)} | set(SIGNS)
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                characters.add(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                pass
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in TEXTS and not {"out", "derived"} & set(path.parts):
                try:
                    text = path.read_text("utf8")
                except UnicodeDecodeError:
                    continue
                characters |= {c for c in text if 0x7F < ord(c) < 0x20000}
    return characters


def main(source, target, *folders):
    options = subset.Options()
    options.layout_features, options.hinting, options.desubroutinize, options.flavor = [], False, True, "woff2"
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(wanted(folders))))
    cutter.subset(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
