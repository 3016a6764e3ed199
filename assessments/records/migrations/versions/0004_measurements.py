"""The register of leakage measurements, with the result files and the keys that sign them."""

from alembic import op

from assessments.schema import metadata

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("measurement_file", "measurement_key", "measurement")


def upgrade() -> None:
    metadata.create_all(op.get_bind(), tables=[metadata.tables[name] for name in TABLES])


def downgrade() -> None:
    metadata.drop_all(op.get_bind(), tables=[metadata.tables[name] for name in TABLES])
