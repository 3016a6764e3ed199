"""Sources as lawyers of a language cite them: ``GDPR Art. 35(3)(a)`` is ``Art. 35 Abs. 3 Buchst. a DSGVO``.

Templates name their sources in one English form, so that they are written once; what this module does
not know stays as it is. German follows the Handbuch der Rechtsförmlichkeit, French the interinstitutional
style guide of the European Union.
"""

from __future__ import annotations

import re

_ITEM = r"\d+(?:\([0-9a-z]+\))*"
_LIST = rf"{_ITEM}(?:(?:, | and | to ){_ITEM})*"
_GDPR = re.compile(rf"(?:GDPR )?Art\. (?P<list>{_LIST})(?P<rest>.*)", re.DOTALL)
_AI_ACT = re.compile(rf"Regulation \(EU\) 2024/1689(?:, Art\. (?P<list>{_LIST}))?(?P<rest>.*)")
_PARTS = re.compile(r"\(([0-9a-z]+)\)")

_JOINTS = {"de": {" and ": " und ", " to ": " bis "}, "fr": {" and ": " et ", " to ": " à "}}
_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "de": (
        (r"\b[Rr]ecitals (?=\d)", "Erwägungsgründe "), (r"\b[Rr]ecital (?=\d)", "Erwägungsgrund "),
        (r"\bsections (?=[\dIV])", "Abschnitte "),
        (r"\bsection (?=[\dIV])", "Abschnitt "),
        (r"\bChapter (?=[IV])", "Kapitel "),
        (r"\bCharter of Fundamental Rights\b", "Charta der Grundrechte"), (r"\bcriterion (?=\d)", "Kriterium "),
        (r"\bAnnex (?=[\dIV])", "Anhang "), (r"\bstep (?=\d)", "Schritt "),
        (r"\blast sentence\b", "letzter Satz"), (r"\blast paragraph\b", "letzter Absatz"),
        (r"\bEDPB template for data protection impact assessments, version", "EDSA, Vorlage für Datenschutz-Folgenabschätzungen, Version"),
        (r"\bEDPB template\b", "EDSA-Vorlage"), (r"\bEDPB Opinion\b", "EDSA, Stellungnahme"),
        (r"\bEDPB Guidelines\b", "EDSA, Leitlinien"), (r"\bCJEU\b", "EuGH"), (r"\bEDPB\b", "EDSA"),
        (r"\bAI how-to sheets, rights", "KI-Leitfäden (fiches IA), Rechte"),
        (r"\bAI how-to sheet on security", "KI-Leitfaden (fiche IA) zur Sicherheit"),
        (r"\bAI how-to sheets\b", "KI-Leitfäden (fiches IA)"), (r"\bPIA knowledge bases\b", "PIA-Wissensdatenbank"),
        (r"(?<=\d) to (?=[\dIV])|(?<=\d\.[a-e]) to (?=\d)", " bis "), (r"(?<=\d) and (?=\d)", " und "), (r"\bown words\b", "in eigenen Worten"),
    ),
    "fr": (
        (r"\b[Rr]ecitals (?=\d)", "considérants "), (r"\b[Rr]ecital (?=\d)", "considérant "),
        (r"\bsections? (?=[\dIV])", "section "),
        (r"\bChapter (?=[IV])", "chapitre "),
        (r"\bCharter of Fundamental Rights\b", "Charte des droits fondamentaux"), (r"\bcriterion (?=\d)", "critère "),
        (r"\bAnnex (?=[\dIV])", "annexe "), (r"\bstep (?=\d)", "étape "),
        (r"\blast sentence\b", "dernière phrase"), (r"\blast paragraph\b", "dernier alinéa"),
        (r"\bEDPB template for data protection impact assessments, version", "CEPD, modèle d’analyse d’impact relative à la protection des données, version"),
        (r"\bEDPB template\b", "modèle du CEPD,"), (r"\bEDPB Opinion\b", "CEPD, avis"),
        (r"\bEDPB Guidelines\b", "CEPD, lignes directrices"), (r"\bCJEU\b", "CJUE"), (r"\bEDPB\b", "CEPD"),
        (r"\bAI how-to sheets, rights", "fiches IA, droits"),
        (r"\bAI how-to sheet on security", "fiche IA sur la sécurité"),
        (r"\bAI how-to sheets\b", "fiches IA"), (r"\bPIA knowledge bases\b", "bases de connaissances PIA"),
        (r"(?<=\d) to (?=[\dIV])|(?<=\d\.[a-e]) to (?=\d)", " à "), (r"(?<=\d) and (?=\d)", " et "), (r"\bown words\b", "reformulé"),
    ),
}  # fmt: skip


def cite(source: str, language: str) -> str:
    """The source in the form of that language; English, and what is not known, as it is."""
    if language not in _WORDS:
        return source
    joint = "\u00a0; " if language == "fr" else "; "
    return joint.join(_part(part, language) for part in source.split("; "))


def _part(part: str, language: str) -> str:
    if found := _GDPR.fullmatch(part):
        law = " DSGVO" if language == "de" else " du RGPD"
        named = _articles(found["list"], language)
        comma = "," if language == "fr" and ("§" in named or "point" in named) else ""
        return named + comma + law + _words(found["rest"], language)
    if found := _AI_ACT.fullmatch(part):
        name = "Verordnung (EU)" if language == "de" else "règlement (UE)"
        articles = f", {_articles(found['list'], language)}" if found["list"] else ""
        return f"{name} 2024/1689" + articles + _words(found["rest"], language)
    return _words(part, language)


def _words(text: str, language: str) -> str:
    for pattern, word in _WORDS[language]:
        text = re.sub(pattern, word, text)
    return text


def _articles(listed: str, language: str) -> str:
    """A list of articles; what the one before said already, article or paragraph, is not repeated."""
    said, last = "", ["", ""]
    for mark, item in re.findall(rf"(, | and | to |)({_ITEM})", listed):
        number, *parts = [item.split("(")[0], *_PARTS.findall(item)]
        names = _names(number, parts, language)
        if mark == " to ":
            names[0] = number
        elif parts and number == last[0]:
            names = names[2 if len(parts) > 1 and parts[0] == last[1] else 1 :]
        joint = " " if language == "de" else ", "
        said += _JOINTS[language].get(mark, mark) + joint.join(names)
        last = [number, *parts, ""]
    return said


def _names(number: str, parts: list[str], language: str) -> list[str]:
    """Article 4 numbers its definitions; other articles have paragraphs and points."""
    if language == "de":
        first = "Nr." if number == "4" else "Abs."
        named = [f"{first} {part}" if part.isdigit() else f"Buchst. {part}" for part in parts]
        return [f"Art. {number}", *named]
    is_paragraph = [part.isdigit() and number != "4" for part in parts]
    named = [
        f"§ {part}" if is_one else f"point {part})"
        for part, is_one in zip(parts, is_paragraph, strict=True)
    ]
    return [f"art. {number}", *named]
