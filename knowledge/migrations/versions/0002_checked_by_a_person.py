"""services tell when a person last checked them

Revision: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("checked_on", sa.Date(), nullable=True))
    op.add_column("service", sa.Column("checked_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("service") as batch:
        batch.drop_column("checked_by")
        batch.drop_column("checked_on")
