"""The first schema: people, assessments, reviews, reports, evidence and the ledger."""

from alembic import op

from assessments.schema import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
