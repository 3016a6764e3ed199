"""Alembic's entry: runs on the connection that ``upgrade`` hands over."""

from alembic import context

from assessments.actions import tables as _action_tables  # noqa: F401
from assessments.exchange import tables as _exchange_tables  # noqa: F401
from assessments.grants import tables as _grant_tables  # noqa: F401
from assessments.leakage.budget import tables as _budget_tables  # noqa: F401
from assessments.leakage.register import tables as _measurement_tables  # noqa: F401
from assessments.ledger import tables as _ledger_tables  # noqa: F401
from assessments.portfolio import tables as _portfolio_tables  # noqa: F401
from assessments.questionnaire import tables as _questionnaire_tables  # noqa: F401
from assessments.records import tables as _tables  # noqa: F401
from assessments.review import tables as _review_tables  # noqa: F401
from assessments.schema import metadata
from assessments.talk import tables as _talk_tables  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
