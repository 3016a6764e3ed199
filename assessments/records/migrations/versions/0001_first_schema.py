"""The first schema: people, assessments, reviews, reports, evidence and the ledger."""

from alembic import op

from assessments.schema import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "answer",
    "answer_revision",
    "assessment",
    "condition",
    "contributor",
    "decision",
    "evidence",
    "evidence_use",
    "frozen",
    "ledger_checkpoint",
    "ledger_entry",
    "ledger_node",
    "ledger_private",
    "opinion",
    "person",
    "report",
    "role_grant",
    "signature",
    "transition",
    "verdict",
)


def upgrade() -> None:
    metadata.create_all(op.get_bind(), tables=[metadata.tables[name] for name in TABLES])


def downgrade() -> None:
    metadata.drop_all(op.get_bind(), tables=[metadata.tables[name] for name in TABLES])
