"""The tables that came with deviations, evidence, grants, exchange and the review desk."""

import sqlalchemy as sa
from alembic import op

from assessments.schema import metadata

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind)
    known = sa.inspect(bind)
    for table in metadata.sorted_tables:
        present = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                op.add_column(table.name, sa.Column(column.name, column.type))


def downgrade() -> None:
    raise NotImplementedError("Restore a backup to go back")
