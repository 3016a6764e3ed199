"""The tables that came with deviations, evidence, grants, exchange, the review desk and budgets."""

import sqlalchemy as sa
from alembic import op

from assessments.schema import metadata

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "access_grant",
    "acted_for",
    "action_item",
    "carried_over",
    "comment",
    "comment_revision",
    "consultation",
    "consultation_pause",
    "foreign_file",
    "foreign_import",
    "gate_override",
    "left_answer",
    "lint_deviation",
    "notice",
    "notice_choice",
    "outbox",
    "privacy_budget",
    "privacy_run",
    "review_seat",
    "review_trigger",
    "saved_filter",
    "settlement",
    "subjects_view",
    "template_upgrade",
    "thread",
)
COLUMNS = {
    "assessment": ("renews",),
    "condition": ("closing_evidence",),
    "decision": ("overruled_reason",),
    "evidence": (
        "origin",
        "scanned_by",
        "removed_at",
        "erased_at",
    ),
    "role_grant": ("acting_for",),
}


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind, tables=[metadata.tables[name] for name in TABLES])
    known = sa.inspect(bind)
    for name, columns in COLUMNS.items():
        present = {column["name"] for column in known.get_columns(name)}
        for column in (metadata.tables[name].columns[each] for each in columns):
            if column.name not in present:
                op.add_column(name, sa.Column(column.name, column.type))


def downgrade() -> None:
    bind = op.get_bind()
    metadata.drop_all(bind, tables=[metadata.tables[name] for name in TABLES])
    for name, columns in COLUMNS.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_column(column)
