"""People in teams, with names of nine countries; the named people of the demo come first."""

import unicodedata
from datetime import date, timedelta
from random import Random

import yaml

from sample_data import PERSONAS
from sample_data.generate.authored import Row, load

PEOPLE = 86
LEAVERS = 4
TEAM_SIZES = {
    "Group Privacy Office": 7,
    "Data Science Energy": 11,
    "Data Science Insurance": 10,
    "Mobility Intelligence": 7,
    "Care Analytics": 8,
    "Customer Products": 9,
    "Data Platform": 11,
    "Customer Service": 7,
    "Finance and Billing": 6,
    "People and Culture": 5,
    "Security and Risk": 5,
}


def build_people(rng: Random) -> list[Row]:
    """Personas, then heads of teams, then staff; leavers are the last of large teams."""
    organisation = load("organisation.yaml")
    people = [_persona(entry, organisation["domain"]) for entry in _personas()]
    taken = {person["name"] for person in people}
    for line in organisation["teams"]:
        team, head, others = (cell.strip() for cell in line.split("|"))
        titles = [head] + [title.strip() for title in others.split(";")]
        _fill(people, taken, team, titles, organisation, rng)
    _set_managers(people)
    _let_leave(people, rng)
    return people


def _personas() -> list[Row]:
    personas: list[Row] = yaml.safe_load(PERSONAS.read_text(encoding="utf-8"))["personas"]
    return personas


def _persona(entry: Row, domain: str) -> Row:
    name, title = entry["name"], entry["job_title"]
    joined = date(2019, 3, 1)
    return _person(entry["person_id"], name, title, entry["team"], entry["country"], joined, domain)


def _person(
    person_id: str, name: str, title: str, team: str, country: str, joined: date, domain: str
) -> Row:
    return {
        "person_id": person_id,
        "name": name,
        "email": f"{_ascii(name)}@{domain}",
        "job_title": title,
        "team": team,
        "manager_id": None,
        "country": country,
        "joined_on": joined,
        "left_on": None,
    }


def _ascii(name: str) -> str:
    plain = name.replace("ł", "l").replace("Ł", "L")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return ".".join(plain.lower().split())


def _fill(
    people: list[Row], taken: set[str], team: str, titles: list[str], words: Row, rng: Random
) -> None:
    members = [person for person in people if person["team"] == team]
    if not any(person["job_title"] == titles[0] for person in members):
        _add(people, taken, team, titles[0], words, rng)
    count = sum(person["team"] == team for person in people)
    for index in range(count, TEAM_SIZES[team]):
        _add(people, taken, team, titles[1 + index % (len(titles) - 1)], words, rng)


def _add(
    people: list[Row], taken: set[str], team: str, title: str, words: Row, rng: Random
) -> None:
    country, name = _new_name(taken, words, rng)
    joined = date(2017, 1, 2) + timedelta(days=rng.randrange(0, 3200))
    number = f"p-{len(people) + 1:03d}"
    people.append(_person(number, name, title, team, country, joined, words["domain"]))


def _new_name(taken: set[str], words: Row, rng: Random) -> tuple[str, str]:
    while True:
        country = rng.choice(words["countries"])
        pool = words["names"][country]
        first = rng.choice(pool[rng.choice(["women", "men"])])
        name = f"{first} {rng.choice(pool['family'])}"
        if name not in taken:
            taken.add(name)
            return country, name


def heads(people: list[Row]) -> dict[str, Row]:
    """Head of each team: the person with the first title of the team."""
    first = {
        line.split("|")[0].strip(): line.split("|")[1].strip()
        for line in load("organisation.yaml")["teams"]
    }
    return {p["team"]: p for p in people if p["job_title"] == first[p["team"]]}


def _set_managers(people: list[Row]) -> None:
    head_of = heads(people)
    for person in people:
        head = head_of[person["team"]]
        person["manager_id"] = head["person_id"] if head is not person else None


def _let_leave(people: list[Row], rng: Random) -> None:
    staff = [p for p in people[20:] if p["manager_id"] and p["joined_on"] < date(2024, 1, 1)]
    for index, person in enumerate(rng.sample(staff, LEAVERS)):
        person["left_on"] = date(2025, 9, 30) + timedelta(days=61 * index)


def staff_of(people: list[Row], team: str) -> list[Row]:
    """Members of a team who still work here."""
    return [p for p in people if p["team"] == team and p["left_on"] is None]
