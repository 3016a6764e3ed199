"""The small expression language of templates: grammar, tree and parser. Nothing is ever executed.

    expression := and { "or" and }            and := not { "and" not }
    not        := "not" not | comparison      comparison := sum [ ( = != < <= > >= in ) sum ]
    sum        := primary { ( + | - ) primary }
    primary    := number | 'text' | yes | no | true | false | [ list ] | ( expression ) | name
                | this.column | function ( ... )
    aggregate  := any | all | count ( table [ where expression ] ),  sum | max | min ( table.column [ where ... ] )

Names are question ids; inside ``where`` they are columns of the table first. ``this.`` is the row
that a lint looks at. Values are three-valued: see ``evaluation``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from assessments.errors import BadInput

MAX_LENGTH = 2_000
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Name:
    id: str


@dataclass(frozen=True, slots=True)
class This:
    """A cell of the row under inspection."""

    column: str


@dataclass(frozen=True, slots=True)
class Not:
    part: Expression


@dataclass(frozen=True, slots=True)
class Junction:
    """``and`` or ``or``."""

    word: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Sum:
    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A statement about the rows of a table."""

    function: str
    table: str
    column: str | None
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Expression, ...]


Expression = Literal | Listing | Name | This | Not | Junction | Comparison | Sum | Aggregate | Call

AGGREGATES = frozenset({"any", "all", "count"})
COLUMN_AGGREGATES = frozenset({"sum", "max", "min"})
CALLS = frozenset({"answered", "unknown", "count_yes", "score", "lookup", "listed", "days_between"})
_WORDS: dict[str, str | bool] = {"yes": "yes", "no": "no", "true": True, "false": False}
_SIGNS = frozenset({"=", "!=", "<", "<=", ">", ">=", "in"})
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*')|(?P<number>\d+(?:\.\d+)?)|(?P<sign>!=|<=|>=|[=<>+\-(),.\[\]])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*))"
)


@lru_cache(maxsize=4_096)
def parse(text: str) -> Expression:
    """The tree of an expression; BadInput says at which character it stops making sense."""
    if len(text) > MAX_LENGTH:
        raise BadInput("The expression is too long", f"At most {MAX_LENGTH} characters.")
    parser = _Parser(text)
    tree = parser.expression()
    parser.expect_end()
    return tree


def names_in(tree: Expression) -> Iterator[str]:
    """Every question or table that an expression depends on; columns of ``where`` included."""
    match tree:
        case Name(id=name):
            yield name
        case Aggregate(table=table, where=where):
            yield table
            if where is not None:
                yield from names_in(where)
        case _:
            for part in parts_of(tree):
                yield from names_in(part)


def parts_of(tree: Expression) -> tuple[Expression, ...]:
    """The direct parts of a tree, ``where`` not among them."""
    match tree:
        case Not(part=part):
            return (part,)
        case Junction(parts=parts):
            return parts
        case Comparison(left=left, right=right) | Sum(left=left, right=right):
            return (left, right)
        case Listing(items=items):
            return items
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0

    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.problem("it is nested too deeply")
        tree = self.joined("or", lambda: self.joined("and", self.negation))
        self.depth -= 1
        return tree

    def joined(self, word: str, part: Callable[[], Expression]) -> Expression:
        parts = [part()]
        while self.accept(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))

    def negation(self) -> Expression:
        negated = False
        while self.accept("not"):
            negated = not negated
        tree = self.comparison()
        return Not(tree) if negated else tree

    def comparison(self) -> Expression:
        left = self.sum()
        if self.peek() in _SIGNS:
            return Comparison(self.take(), left, self.sum())
        return left

    def sum(self) -> Expression:
        tree = self.primary()
        while self.peek() in {"+", "-"}:
            tree = Sum(self.take(), tree, self.primary())
        return tree

    def primary(self) -> Expression:
        piece = self.take()
        if piece.startswith("'"):
            return Literal(piece[1:-1])
        if piece[:1].isdigit():
            return Literal(float(piece))
        if piece == "(":
            tree = self.expression()
            self.expect(")")
            return tree
        if piece == "[":
            return Listing(self.arguments("]"))
        if not piece.isidentifier() or piece in {"and", "or", "in", "where", "not"}:
            raise self.problem(f"'{piece}' cannot stand here")
        return self.word(piece)

    def word(self, piece: str) -> Expression:
        if piece in _WORDS:
            return Literal(_WORDS[piece])
        if piece == "this":
            self.expect(".")
            return This(self.take())
        if not self.accept("("):
            return Name(piece)
        if piece in AGGREGATES | COLUMN_AGGREGATES:
            return self.aggregate(piece)
        if piece not in CALLS:
            raise self.problem(f"there is no function {piece}")
        return Call(piece, self.arguments(")"))

    def aggregate(self, function: str) -> Expression:
        table = self.take()
        column = None
        if function in COLUMN_AGGREGATES:
            self.expect(".")
            column = self.take()
        where = self.expression() if self.accept("where") else None
        self.expect(")")
        return Aggregate(function, table, column, where)

    def arguments(self, end: str) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while not self.accept(end):
            if found:
                self.expect(",")
            found.append(self.expression())
        return tuple(found)

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        piece = self.peek()
        if not piece:
            raise self.problem("it ends too early")
        self.at += 1
        return piece

    def accept(self, piece: str) -> bool:
        if self.peek() != piece:
            return False
        self.at += 1
        return True

    def expect(self, piece: str) -> None:
        if not self.accept(piece):
            raise self.problem(f"'{piece}' is missing before '{self.peek() or 'the end'}'")

    def expect_end(self) -> None:
        if self.peek():
            raise self.problem(f"'{self.peek()}' is not expected")

    def problem(self, what: str) -> BadInput:
        return BadInput("The expression cannot be read", f'In "{self.text}": {what}.')


def _tokens(text: str) -> Iterator[str]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None:
            rest = text[position:].strip()
            raise BadInput("The expression cannot be read", f"In \"{text}\": near '{rest[:20]}'.")
        yield found.group(found.lastgroup or 0)
        position = found.end()
