"""What a file is: an export of a kind, or a foreign file that becomes records of one or more kinds."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from assessments.errors import BadInput
from assessments.settings import Home
from dashboard.exports.catalogue import find_contract, kind_by_name
from dashboard.exports.examine import PLAIN, Arrival, recognise
from dashboard.exports.fingerprint import take_fingerprint
from dashboard.exports.mapping import read_mapping
from dashboard.exports.options import Options
from dashboard.exports.readers.source import Reading, Source
from dashboard.exports.systems import resources
from dashboard.exports.systems.catalogue import SYSTEMS, find_system
from dashboard.exports.systems.system import System


def with_resources(home: Home, options: Options) -> Options:
    """The resource map as asked for, else the one that lies in the home directory."""
    kept = home.path / resources.FILE
    if options.resources is None and kept.is_file():
        options = replace(options, resources=kept)
    if options.resources is not None:
        resources.read_resources(options.resources)
    return options


def recognise_all(path: Path, options: Options) -> list[Arrival]:
    """The arrivals of one file: one a kind. What was asked for counts, then the name, then content."""
    if options.corrects is not None:
        return [_corrected(path, options, options.corrects)]
    if options.mapping is not None:
        return [_mapped(path, options, options.mapping)]
    system = _system(path, options)
    if system is None:
        return [recognise(path, options.kind, options.dialect)]
    digest = resources.digest(options.resources)
    joined = hashlib.sha256(f"{system.name} {digest}".encode()).hexdigest()
    named = str(options.resources.resolve()) if options.resources else None
    source = Source(
        path,
        take_fingerprint(path),
        options.dialect or PLAIN,
        Reading(system.name, named, None, joined),
    )
    return [Arrival(source, find_contract(kind)) for kind in system.kinds]


def _corrected(path: Path, options: Options, batch_id: str) -> Arrival:
    """Corrected rows: a part of the kind of the load that they were rejected from."""
    digest = hashlib.sha256(batch_id.encode()).hexdigest()
    reading = Reading(digest=digest, corrects=batch_id)
    source = Source(path, take_fingerprint(path), options.dialect or PLAIN, reading)
    return Arrival(source, find_contract(str(options.kind)))


def _mapped(path: Path, options: Options, file: Path) -> Arrival:
    """A file of one's own, read as its mapping says."""
    mapping = read_mapping(file)
    digest = resources.digest(file)
    reading = Reading(None, None, str(file.resolve()), digest, mapping.is_whole_list)
    dialect = options.dialect or mapping.dialect or PLAIN
    source = Source(path, take_fingerprint(path), dialect, reading)
    return Arrival(source, find_contract(mapping.kind))


def _system(path: Path, options: Options) -> System | None:
    if options.kind is not None:
        return SYSTEMS.get(options.kind)
    if kind_by_name(path) is not None:
        return None
    try:
        return find_system(path)
    except OSError as error:
        raise BadInput("This file cannot be read", where={"file": path.name}) from error
