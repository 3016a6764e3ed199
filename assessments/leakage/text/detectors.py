"""What is looked for in text: a pattern, the rule that a candidate must pass, and how far to trust it.

``chance`` is the share of random candidates that pass the rule: a hit is proven once there are more
of them than chance explains. A pattern without a check digit has a measured ``precision`` instead
(hits that were right, of hits, in the 2,000 invented texts of the acceptance tests), or none.
RE2 knows no look-around, so patterns take a whole run and the rule decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assessments.leakage.text import checksums as rule

Reach = Literal["direct", "online", "indirect"]
CARD_CHANCE, LETTER_23, LETTER_26 = 0.04, 1 / 23, 1 / 26


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of personal data. ``guard`` is a cheap SQL test over ``v`` that spares the pattern.

    ``words`` (any case) have to be there at all; they take the guard's place. What is ``usual`` in
    text is looked for apart from what is rare.
    """

    name: str
    reach: Reach
    pattern: str
    check: str = "true"
    chance: float | None = None
    precision: tuple[int, int] | None = None
    guard: str = "true"
    source: str = ""
    words: str = ""
    usual: bool = False

    @property
    def has_checksum(self) -> bool:
        """Whether a check digit tells hits from look-alikes."""
        return self.chance is not None


PHONE_GUARD = r"(contains(v, '+') or contains(v, '00') or regexp_matches(v, '[0-9]{3}[).-] ?[0-9]{3}[.-][0-9]{4}'))"
IBAN_GUARD = "regexp_matches(v, '[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}')"
CARD_GUARD = "regexp_matches(v, '[0-9]{4}[ -]?[0-9]{4,6}[ -]?[0-9]{4}')"
BIRTH_WORDS = "birth|born|dob|gebor|geb[.]|geburts|n[ée]e? le|naissance|nacid|nacimiento|nat[oa] il"
_GAP = r"(?:\W{0,3}(?:is|no|nr|number|id|nummer|num)?\.?\W{0,4})"


def _named(words: str, body: str) -> str:
    """A number that is nothing without the word before it."""
    return rf"(?i)\b(?:{words}){_GAP}({body})\b"


EMAIL = r"([A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24})\b"
ROLES = "^(info|support|sales|contact|office|hello|help|service|noreply|no-reply|admin|postmaster|webmaster|privacy|dpo)@"
IBAN = r"\b([A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b"
CARD = r"\b([0-9]{13,19}|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{1,7}|3[0-9]{3}[ -][0-9]{6}[ -][0-9]{4,5})\b"
PHONE = (
    r"(?:^|[^0-9A-Za-z+.])((?:\+|00)[1-9][0-9]{0,2}[ .-]?(?:\([0-9]{1,4}\)[ .-]?)?[0-9]{1,4}(?:[ ./-]?[0-9]{2,5}){1,4}"
    r"|\([2-9][0-9]{2}\) ?[0-9]{3}-[0-9]{4}|[2-9][0-9]{2}[.-][2-9][0-9]{2}[.-][0-9]{4})\b"
)
DOB = (
    r"(?i)(?:\bdate of birth|\bbirth ?(?:date|day)|\bdob|\bborn(?: on)?|\bgeboren(?: am)?|\bgeb\.|\bgeburtsdatum"
    r"|\bn[ée]e? le|\bdate de naissance|\bnacid[oa] el|\bfecha de nacimiento|\bnat[oa] il)\W{1,4}"
    r"((?:19|20)[0-9]{2}-[01]?[0-9]-[0-3]?[0-9]|[0-3]?[0-9][./ -][01]?[0-9][./ -](?:19|20)?[0-9]{2}"
    r"|[0-3]?[0-9]\.? [A-Za-zäéû]{3,9}\.?,? (?:19|20)[0-9]{2}|[A-Za-z]{3,9}\.? [0-3]?[0-9],? (?:19|20)[0-9]{2})"
)
SIGNED_URL = (
    r"(?i)(https?://[^\s?#<>\"]{1,200}[?#][^\s<>\"]{0,500}?(?:token|access_token|id_token|api_?key|sig|signature|session(?:_?id)?"
    r"|sid|auth|password|pwd|jwt|code)=[^\s&#<>\"]{8,500}|https?://[^\s/:@<>\"]{1,80}:[^\s/@<>\"]{1,80}@[^\s<>\"]{1,200})"
)
PLACE = r"(?:^|[^0-9.])(-?[0-9]{1,2}\.[0-9]{4,9}\s{0,2}[,;]\s{0,2}-?[0-9]{1,3}\.[0-9]{4,9})\b"
IN_RANGE = """(abs(try_cast(regexp_extract(x, '^-?[0-9.]+') as double)) <= 90
    and abs(try_cast(regexp_extract(x, '-?[0-9.]+$') as double)) <= 180)"""
PHONE_DIGITS = f"""(len({rule.DIGITS}) between 8 and 15
    and not regexp_matches(x, '^(19|20)[0-9]{{2}}'))"""

DETECTORS: tuple[Detector, ...] = (
    Detector("email", "direct", EMAIL, f"not regexp_matches(lower(x), '{ROLES}')",
             precision=(123, 123), guard="contains(v, '@')", usual=True, source="RFC 5321, 4.1.2, without quoted forms"),
    Detector("phone", "direct", PHONE, PHONE_DIGITS, precision=(113, 113), guard=PHONE_GUARD,
             usual=True, source="ITU-T E.164 with a country code; North American national form"),
    Detector("iban", "direct", IBAN, rule.MOD97, 1 / 97, guard=IBAN_GUARD, usual=True, source="ISO 13616, ISO/IEC 7064"),
    Detector("payment_card", "direct", CARD, rule.CARD, CARD_CHANCE, guard=CARD_GUARD,
             usual=True, source="ISO/IEC 7812-1 with the issuer ranges in use"),
    Detector("us_ssn", "direct", r"\b([0-9]{3}-[0-9]{2}-[0-9]{4})\b", rule.SSN,
             precision=(116, 116), guard="regexp_matches(v, '[0-9]-[0-9]{2}-')", usual=True, source="SSA, randomisation of 2011: no check digit"),
    Detector("uk_nino", "direct", r"\b([A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D])\b",
             "not regexp_matches(x, '^(BG|GB|KN|NK|NT|TN|ZZ)')", guard="regexp_matches(v, '[0-9]{2} ?[A-D]')",
             source="HMRC NIM39110: no check digit"),
    Detector("uk_nhs", "direct", _named("nhs", "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}"), rule.NHS, 1 / 11,
             words="nhs", source="NHS Data Dictionary, NHS number"),
    Detector("nl_bsn", "direct", _named("bsn|burgerservicenummer|sofinummer", "[0-9]{9}"), rule.BSN, 1 / 11,
             words="bsn|burgerservice|sofi", source="RvIG, elfproef"),
    Detector("es_dni", "direct", r"\b([0-9XYZ][0-9]{7}-?[A-Z])\b", rule.DNI, LETTER_23, guard="regexp_matches(v, '[0-9]{7}-?[A-Z]')",
             source="Real Decreto 1553/2005"),
    Detector("fr_nir", "direct", r"\b([12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2})\b",
             rule.NIR, 1 / 97, source="INSEE, clé du NIR", guard="regexp_matches(v, '[0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}')"),
    Detector("it_codice_fiscale", "direct", r"\b([A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z])\b",
             rule.CODICE_FISCALE, LETTER_26, guard="regexp_matches(v, '[A-Z]{6}[0-9]{2}')", source="D.M. 23 dicembre 1976"),
    Detector("be_national_number", "direct", r"\b([0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2})\b", rule.BELGIAN,
             2 / 97, guard="regexp_matches(v, '[0-9]-[0-9]{3}\\.')", source="IBZ, Rijksregisternummer"),
    Detector("se_personnummer", "direct", r"\b((?:19|20)?[0-9]{6}[-+][0-9]{4})\b", rule.PERSONNUMMER, 0.1,
             guard="regexp_matches(v, '[0-9]{6}[-+]')", source="Skatteverket, SKV 704"),
    Detector("fi_hetu", "direct", r"\b([0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y])\b", rule.HETU, 1 / 31,
             guard="regexp_matches(v, '[0-9]{6}[-+A-FU-Y]')", source="Finnish decree 128/2010"),
    Detector("pl_pesel", "direct", _named("pesel", "[0-9]{11}"), rule.PESEL, 0.1,
             words="pesel", source="Polish act on population records, Art. 15"),
    Detector("de_steuer_id", "direct",
             _named("steuer-?id(?:entifikationsnummer)?|idnr|identifikationsnummer|tax id", "[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}"),
             rule.STEUER_ID, 0.1, words="steuer|idnr|identifikationsn|tax id", source="§ 139b AO, ISO/IEC 7064 MOD 11,10"),
    Detector("ch_ahv", "direct", r"\b(756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2})\b", rule.AHV, 0.1,
             guard="contains(v, '756')", source="AHVV Art. 133, EAN-13"),
    Detector("br_cpf", "direct", r"\b([0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2})\b", rule.CPF, 0.01,
             guard="regexp_matches(v, '[0-9]{3}-[0-9]{2}')", source="Receita Federal, módulo 11"),
    Detector("ip", "online", r"(?:^|[^0-9.])([0-9]{1,3}(?:\.[0-9]{1,3}){3,6})\b", rule.IPV4,
             precision=(109, 109), guard="regexp_matches(v, '[0-9]\\.[0-9]{1,3}\\.[0-9]')", usual=True, source="RFC 791; RFC 6890 without special ranges"),
    Detector("ipv6", "online", r"(?:^|[^0-9A-Fa-f:])([23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{4,35})(?:$|[^0-9A-Za-z:])", rule.IPV6,
             guard="contains(v, ':')", source="RFC 4291, global unicast"),
    Detector("mac", "online", r"\b((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2})\b",
             "len(list_distinct(string_split(upper(x), ':'))) > 1 or contains(x, '-')",
             guard="regexp_matches(v, '[0-9A-Fa-f]{2}[:-]')", source="IEEE 802, EUI-48"),
    Detector("url_with_token", "online", SIGNED_URL, words="://", source="RFC 3986; RFC 6750, 2.3"),
    Detector("date_of_birth", "indirect", DOB, words=BIRTH_WORDS, source="a date after a word for birth"),
    Detector("coordinates", "indirect", PLACE, IN_RANGE, guard="regexp_matches(v, '\\.[0-9]{4}')",
             source="WGS 84, four decimals or more: about 11 m"),
)  # fmt: skip

BARE: tuple[Detector, ...] = (
    Detector("nl_bsn", "direct", r"^\s*([0-9]{9})\s*$", rule.BSN, 1 / 11),
    Detector("uk_nhs", "direct", r"^\s*([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4})\s*$", rule.NHS, 1 / 11),
    Detector("pl_pesel", "direct", r"^\s*([0-9]{11})\s*$", rule.PESEL, 0.1),
    Detector("de_steuer_id", "direct", r"^\s*([1-9][0-9]{10})\s*$", rule.STEUER_ID, 0.1),
    Detector("be_national_number", "direct", r"^\s*([0-9]{11})\s*$", rule.BELGIAN, 2 / 97),
    Detector("br_cpf", "direct", r"^\s*([0-9]{11})\s*$", rule.CPF, 0.01),
)
"""Numbers that fill a cell: only a column in which far more pass than chance explains holds them."""
