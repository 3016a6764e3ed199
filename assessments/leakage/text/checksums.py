"""Check digits as SQL expressions over one text ``x``, and the chance that a random text passes.

Luhn: ISO/IEC 7812-1 annex B. IBAN: ISO 13616 with ISO/IEC 7064 MOD 97-10. The national rules are
those of the issuing authorities, each checked against python-stdnum 2.x (see the tests).
"""

from __future__ import annotations

from collections.abc import Sequence

DIGITS = "regexp_replace(x, '[^0-9]', '', 'g')"
BARE = "upper(regexp_replace(x, '[^0-9A-Za-z]', '', 'g'))"


def weighted(weights: Sequence[int], text: str = DIGITS, start: int = 1) -> str:
    """Σ weight · digit, over the digits of ``text`` from ``start``."""
    terms = [
        f"{weight} * {digit(start + i, text)}" for i, weight in enumerate(weights) if weight != 0
    ]
    return f"({' + '.join(terms)})"


def digit(position: int, text: str = DIGITS) -> str:
    """One digit as a number; a letter or an absent one counts nothing."""
    return f"coalesce(try_cast(substr({text}, {position}, 1) as integer), 0)"


def mod(text: str, length: int, modulus: int) -> str:
    """The number in the first ``length`` digits, modulo."""
    return f"(try_cast(substr({text}, 1, {length}) as hugeint) % {modulus})"


def tail(text: str, start: int, length: int) -> str:
    """Digits from a position on, as a number."""
    return f"try_cast(substr({text}, {start}, {length}) as integer)"


LUHN = f"""(list_sum(list_transform(string_split(reverse({DIGITS}), ''), lambda d, i:
    case when i % 2 = 1 then try_cast(d as integer)
         when try_cast(d as integer) > 4 then 2 * try_cast(d as integer) - 9
         else 2 * try_cast(d as integer) end)) % 10 = 0)"""

MOD97 = f"""(list_reduce(list_transform(string_split(substr({BARE}, 5) || left({BARE}, 4), ''),
    lambda c: case when c between '0' and '9' then ascii(c) - 48 else ascii(c) - 55 end),
    lambda a, b: case when b > 9 then (a * 100 + b) % 97 else (a * 10 + b) % 97 end) = 1)"""

CARD = f"""(len({DIGITS}) between 13 and 19 and regexp_matches({DIGITS},
    '^(4|5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|3(0[0-5]|[689])|35|6(011|5|4[4-9]|2))')
    and len(list_distinct(string_split({DIGITS}, ''))) > 2 and {LUHN})"""

DNI = f"""(substr('TRWAGMYFPDXBNJZSQVHLCKE', 1 + cast(try_cast(left(
    replace(replace(replace({BARE}, 'X', '0'), 'Y', '1'), 'Z', '2'), 8) as bigint) % 23 as bigint), 1)
    = right({BARE}, 1))"""

NIR = f"""(97 - (try_cast(replace(replace(left({BARE}, 13), '2A', '19'), '2B', '18') as hugeint) % 97)
    = {tail(BARE, 14, 2)})"""

BSN = f"(({weighted([9, 8, 7, 6, 5, 4, 3, 2, -1])}) % 11 = 0 and {DIGITS} <> '000000000')"

NHS = f"""(({weighted([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])}) % 11 = 0
    and len(list_distinct(string_split({DIGITS}, ''))) > 1)"""

PESEL = f"""(({weighted([1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1])}) % 10 = 0
    and {tail(DIGITS, 3, 2)} % 20 between 1 and 12 and {tail(DIGITS, 5, 2)} between 1 and 31)"""

BELGIAN = f"""({tail(DIGITS, 10, 2)} in (97 - {mod(DIGITS, 9, 97)},
    97 - (try_cast('2' || left({DIGITS}, 9) as hugeint) % 97)))"""

PERSONNUMMER = f"""({LUHN.replace(DIGITS, f"right({DIGITS}, 10)")}
    and try_cast(left(right({DIGITS}, 8), 2) as integer) between 1 and 12
    and try_cast(left(right({DIGITS}, 6), 2) as integer) % 60 between 1 and 31)"""

HETU = """(substr('0123456789ABCDEFHJKLMNPRSTUVWXY', 1 + cast(try_cast(
    left(x, 6) || substr(x, 8, 3) as bigint) % 31 as bigint), 1) = right(upper(x), 1)
    and try_cast(left(x, 2) as integer) between 1 and 31
    and try_cast(substr(x, 3, 2) as integer) between 1 and 12)"""

AHV = f"(({weighted([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1])}) % 10 = 0)"


def _verhoeff_free(weights: Sequence[int], position: int) -> str:
    total = f"({weighted(weights)} * 10) % 11 % 10"
    return f"{total} = {digit(position)}"


CPF = f"""({_verhoeff_free(range(10, 1, -1), 10)} and {_verhoeff_free(range(11, 1, -1), 11)}
    and len(list_distinct(string_split({DIGITS}, ''))) > 1)"""

STEUER_ID = f"""((11 - list_reduce(list_prepend(10, list_transform(string_split(left({DIGITS}, 10), ''),
    lambda d: try_cast(d as integer))), lambda p, d:
    (case when (p + d) % 10 = 0 then 10 else (p + d) % 10 end * 2) % 11)) % 10
    = {digit(11)} and left({DIGITS}, 1) <> '0'
    and len(list_distinct(string_split(left({DIGITS}, 10), ''))) between 8 and 9)"""

_ODD = (
    "[1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]"
)
CODICE_FISCALE = f"""(chr(cast(65 + list_sum(list_transform(string_split(left({BARE}, 15), ''), lambda c, i:
    case when i % 2 = 1 then {_ODD}[1 + case when c between '0' and '9' then ascii(c) - 48 else ascii(c) - 65 end]
         else case when c between '0' and '9' then ascii(c) - 48 else ascii(c) - 65 end end)) % 26 as integer))
    = right({BARE}, 1))"""

SSN = f"""(left({DIGITS}, 3) not in ('000', '666') and left({DIGITS}, 1) <> '9'
    and substr({DIGITS}, 4, 2) <> '00' and right({DIGITS}, 4) <> '0000'
    and {DIGITS} not in ('078051120', '219099999', '123456789'))"""

IPV4 = """(regexp_matches(x, '^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$')
    and not regexp_matches(x, '^(0|10|127|169\\.254|192\\.168|172\\.(1[6-9]|2[0-9]|3[01])|22[4-9]|2[3-5][0-9])\\.'))"""

IPV6 = """((contains(x, '::') and len(x) - len(replace(x, '::', '')) = 2
        and len(x) - len(replace(x, ':', '')) between 3 and 7)
     or (not contains(x, '::') and len(x) - len(replace(x, ':', '')) = 7 and not ends_with(x, ':')))"""
