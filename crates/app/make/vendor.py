"""Brings other people's files for the pages into crates/app/ui, and writes down where each came from.

    python3 crates/app/make/vendor.py

Needs npm, and fonttools and brotli for the font. Nothing of it is needed to build, test or run: the files
are in the tree, and a test holds them to the digests of crates/app/ui/vendor/vendor.lock.
"""

import base64
import hashlib
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
UI = HERE.parent / "ui"
REGIONS = ["regions/quzhou"]

# name, version, licence, what for, folder below ui/, files of the package
PACKAGES = [
    ("maplibre-gl", "6.17.0", "BSD-3-Clause", "the map", "vendor/maplibre-gl@6.17.0",
     ["LICENSE.txt", "dist/maplibre-gl-worker.mjs", "dist/maplibre-gl.css", "dist/maplibre-gl.mjs"]),
    ("echarts", "6.1.0", "Apache-2.0", "charts, as SVG", "vendor/echarts@6.1.0", ["LICENSE", "NOTICE", "dist/echarts.common.min.js"]),
    ("@expo-google-fonts/noto-sans-sc", "0.4.3", "OFL-1.1",
     "Noto Sans SC Regular, cut down to GB 2312 and the characters of the demo region by crates/app/make/font.py", "font",
     ["LICENSE_FONT"]),
]
FONT = ("400Regular/NotoSansSC_400Regular.ttf", "noto-sans-sc-map.woff2")


def bring(name, version, folder):
    """Packs a package and answers with its archive and its unpacked folder."""
    made = subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True, capture_output=True, text=True)
    archive = pathlib.Path(folder) / made.stdout.split()[-1]
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return archive, pathlib.Path(folder) / "package"


def main():
    lines = [
        "# Other people's files behind the pages: where each came from, and the digest that the tests hold it to.",
        "# Made anew by crates/app/make/vendor.py; nothing of it is needed to build or run.",
    ]
    for name, version, licence, what, place, files in PACKAGES:
        target = UI / place
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            archive, package = bring(name, version, folder)
            for file in files:
                shutil.copyfile(package / file, target / pathlib.Path(file).name.replace("LICENSE_FONT", "LICENSE"))
            if place == "font":
                subprocess.run([sys.executable, HERE / "font.py", package / FONT[0], target / FONT[1], *REGIONS], cwd=UI.parents[2], check=True)
            integrity = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        lines += ["", "[[package]]", f'name = "{name}"', f'version = "{version}"', f'licence = "{licence}"', f'for = "{what}"',
                  f'integrity = "sha512-{integrity}"', "[package.files]"]
        lines += [f'"{place}/{f.name}" = "{hashlib.sha256(f.read_bytes()).hexdigest()}"' for f in sorted(target.iterdir())]
    (UI / "vendor" / "vendor.lock").write_text("\n".join(lines) + "\n", "utf8")


if __name__ == "__main__":
    main()
