"""Invented specimens for the self-test of every run, each with a twin that must not be found.

The numbers were drawn at random and judged by python-stdnum 2.2; a twin differs in its check digit.
"""

from __future__ import annotations

SPECIMENS: dict[str, tuple[str, str]] = {
    "email": ("mail ada.quist71@example-post.org", "mail ada.quist71 at example-post"),
    "phone": ("call +44 20 7946 0958", "ratio +44 and 20"),
    "iban": ("DE67492276323256022044", "DE67492276323256022041"),
    "payment_card": ("4483435261195537", "4483435261195531"),
    "us_ssn": ("345-92-8301", "000-92-8301"),
    "uk_nino": ("AB123456C", "BG123456C"),
    "uk_nhs": ("NHS no. 4332328299", "NHS no. 4332328291"),
    "nl_bsn": ("BSN 489861106", "BSN 489861101"),
    "es_dni": ("X3381054P", "X3381054A"),
    "fr_nir": ("253057034906194", "253057034906191"),
    "it_codice_fiscale": ("SIWYBF57M26L904L", "SIWYBF57M26L904A"),
    "be_national_number": ("75.06.19-908.42", "75.06.19-908.41"),
    "se_personnummer": ("941016-8141", "941016-8142"),
    "fi_hetu": ("220215-584H", "220215-584A"),
    "pl_pesel": ("PESEL: 72031017351", "PESEL: 72031017352"),
    "de_steuer_id": ("IdNr. 74258106094", "IdNr. 74258106091"),
    "ch_ahv": ("756.5205.3664.03", "756.5205.3664.01"),
    "br_cpf": ("614.872.485-55", "614.872.485-51"),
    "ip": ("from 174.96.190.25", "version 174.96.190.25.3"),
    "ipv6": ("from 2001:db8:85a3::8a2e:370:7334", "at 20:01:58 and 2001:12"),
    "mac": ("port 00:1B:44:11:3A:B7", "port 00:1B:44:11:3A"),
    "url_with_token": (
        "https://shop.example/r?u=1&token=q8Zt5Lw2Xc9B",
        "https://shop.example/r?u=1&page=2",
    ),
    "date_of_birth": ("date of birth: 1984-03-17", "due on 1984-03-17"),
    "coordinates": ("at 59.32938, 18.06871", "at 59.3, 18.0 and 959.32938, 918.06871"),
}
