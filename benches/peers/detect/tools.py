"""The other tools, each behind one function: a text in, `(our id, start, end)` in bytes out.

A tool is asked only for the kinds that it has. Nothing is tuned: each runs as its documentation starts it, with Dutch where it knows Dutch.
"""

import atexit
import importlib.metadata
import pathlib
import tempfile


class Tool:
    def __init__(self, name, package, note, kinds, find):
        self.name, self.note, self.kinds, self.find = name, note, sorted(kinds), find
        self.version = importlib.metadata.version(package)


def in_bytes(text, spans):
    """Places in characters to places in bytes."""
    at = [0]
    for character in text:
        at.append(at[-1] + len(character.encode()))
    return [(kind, at[start], at[end]) for kind, start, end in spans]


def presidio():
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer import predefined_recognizers as known
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    model, note = "blank", "its pattern recognisers on an empty Dutch spaCy pipeline (there is no Dutch model on PyPI), so no names; score 0.35 and up; phones of NL, BE, DE"
    for name in ("nl_core_news_lg", "nl_core_news_md", "nl_core_news_sm"):
        if spacy.util.is_package(name):
            model, note = name, f"with the Dutch spaCy model {name}; score 0.35 and up; phones of NL, BE, DE"
            break

    class Engine(SpacyNlpEngine):
        def __init__(self):
            super().__init__()
            self.nlp = {"nl": spacy.blank("nl") if model == "blank" else spacy.load(model)}

    entities = {
        "EMAIL_ADDRESS": "email",
        "IBAN_CODE": "iban",
        "CREDIT_CARD": "payment-card",
        "PHONE_NUMBER": "phone",
        "IP_ADDRESS": "ip-address",
        "MAC_ADDRESS": "mac-address",
        "UK_NINO": "uk.nino",
        "US_SSN": "us.ssn",
        "ES_NIF": "es.dni",
        "ES_NIE": "es.dni",
        "IT_FISCAL_CODE": "it.codice-fiscale",
        "PL_PESEL": "pl.pesel",
        "DE_TAX_ID": "de.steuer-id",
    }
    recognisers = [
        known.EmailRecognizer(supported_language="nl"),
        known.IbanRecognizer(supported_language="nl"),
        known.CreditCardRecognizer(supported_language="nl"),
        known.PhoneRecognizer(supported_language="nl", supported_regions=("NL", "BE", "DE")),
        known.IpRecognizer(supported_language="nl"),
        known.MacAddressRecognizer(supported_language="nl"),
        known.UkNinoRecognizer(supported_language="nl"),
        known.UsSsnRecognizer(supported_language="nl"),
        known.EsNifRecognizer(supported_language="nl"),
        known.EsNieRecognizer(supported_language="nl"),
        known.ItFiscalCodeRecognizer(supported_language="nl"),
        known.PlPeselRecognizer(supported_language="nl"),
        known.DeTaxIdRecognizer(supported_language="nl"),
    ]
    registry = RecognizerRegistry(supported_languages=["nl"])
    for recogniser in recognisers:
        registry.add_recognizer(recogniser)
    engine = Engine()
    if model != "blank":
        registry.add_nlp_recognizer(engine)
        entities["PERSON"] = "person-name"
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["nl"])

    def find(text):
        found = analyzer.analyze(text, language="nl", entities=list(entities), score_threshold=0.35)
        return in_bytes(text, [(entities[result.entity_type], result.start, result.end) for result in found])

    return Tool("Presidio", "presidio-analyzer", note, set(entities.values()), find)


def deduce():
    import deduce as package

    tags = {
        "persoon": "person-name",
        "patient": "person-name",
        "bsn": "nl.bsn",
        "telefoonnummer": "phone",
        "emailadres": "email",
        "locatie": "nl.postal-address",
    }
    model = package.Deduce()

    def find(text):
        found = model.deidentify(text).annotations
        return in_bytes(text, [(tags[each.tag], each.start_char, each.end_char) for each in found if each.tag in tags])

    return Tool("deduce", "deduce", "made for Dutch medical notes; its places count as addresses", set(tags.values()), find)


def detect_secrets():
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    folder = tempfile.TemporaryDirectory(prefix="peers-")
    atexit.register(folder.cleanup)
    path = pathlib.Path(folder.name, "text.txt")

    def find(text):
        path.write_text(text, encoding="utf-8", newline="")
        lines = text.splitlines(keepends=True)
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line))
        spans = []
        with default_settings():
            for secret in scan_file(str(path)):
                line = secret.line_number - 1
                if not 0 <= line < len(lines):
                    continue
                at = lines[line].find(secret.secret_value or "")
                if "IP" in secret.type:
                    # It looks for public addresses only.
                    continue
                start, end = (at, at + len(secret.secret_value)) if secret.secret_value and at >= 0 else (0, len(lines[line].rstrip("\n")))
                spans.append(("credential", starts[line] + start, starts[line] + end))
        return in_bytes(text, spans)

    return Tool("detect-secrets", "detect-secrets", "all its detectors, default filters", {"credential"}, find)


TOOLS = {"presidio": presidio, "deduce": deduce, "detect-secrets": detect_secrets}
