"""What witnesses and time-stamping authorities say about checkpoints."""

from alembic import op

from assessments.ledger.tables import ledger_endorsement

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ledger_endorsement.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    ledger_endorsement.drop(op.get_bind())
