"""services are found by an index, every change is kept, legal words have a glossary

The rows came from the seed alone until now: they are removed here and loaded anew.

Revision: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Children before parents.
SEEDED = (
    'national_line', 'penalty_route', 'answer_route', 'service_need', 'service_phone', 'service',
    'question_basis', 'answer_point', 'question', 'penalty', 'provision', 'place', 'act',
    'constant', 'seed_state',
)


def _empty() -> None:
    for table in SEEDED:
        op.execute(sa.table(table).delete())


def _answer_route(*more: sa.Column, key: tuple[str, ...]) -> None:
    op.drop_table('answer_route')
    op.create_table('answer_route',
    sa.Column('topic', sa.String(length=48), nullable=False),
    sa.Column('need', sa.String(length=32), nullable=False),
    *more,
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], ),
    sa.PrimaryKeyConstraint(*key)
    )


def _service_need(*key: str) -> None:
    op.drop_table('service_need')
    op.create_table('service_need',
    sa.Column('service_id', sa.String(length=64), nullable=False),
    sa.Column('need', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], ),
    sa.PrimaryKeyConstraint(*key)
    )


def upgrade() -> None:
    _empty()
    op.create_table('change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('entity', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=128), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.create_index('ix_change_entry', ['entity', 'key', 'id'], unique=False)

    op.create_table('loaded_entry',
    sa.Column('entity', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=128), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('entity', 'key')
    )
    op.create_table('opening_hours',
    sa.Column('hours', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('hours')
    )
    op.create_table('service_listing',
    sa.Column('subject', sa.String(length=48), nullable=False),
    sa.Column('service_id', sa.String(length=64), nullable=False),
    sa.Column('region_id', sa.String(length=64), nullable=True),
    sa.Column('place_id', sa.String(length=64), nullable=True),
    sa.Column('tier', sa.Integer(), nullable=False),
    sa.Column('serves', sa.String(length=24), nullable=False),
    sa.Column('hours', sa.String(length=64), nullable=True),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('from_afar', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subject', 'service_id')
    )
    with op.batch_alter_table('service_listing', schema=None) as batch_op:
        batch_op.create_index('ix_service_listing_place', ['subject', 'place_id', 'tier', 'rank', 'service_id', 'hours', 'serves', 'from_afar'], unique=False)
        batch_op.create_index('ix_service_listing_region', ['subject', 'region_id', 'tier', 'rank', 'service_id', 'hours', 'serves', 'place_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_listing_service_id'), ['service_id'], unique=False)

    op.create_table('term',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('term', sa.Text(), nullable=False),
    sa.Column('stems', sa.JSON(), nullable=False),
    sa.Column('avoid', sa.JSON(), nullable=False),
    sa.Column('loose', sa.Boolean(), nullable=False),
    sa.Column('meaning', sa.Text(), nullable=False),
    sa.Column('provision_id', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['provision_id'], ['provision.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    _answer_route(sa.Column('audience', sa.String(length=16), nullable=False),
                  key=('topic', 'need', 'audience', 'position'))
    _service_need('service_id', 'need')
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('date', sa.String(length=10), nullable=True))
    with op.batch_alter_table('penalty', schema=None) as batch_op:
        batch_op.add_column(sa.Column('arrest_is_administrative', sa.Boolean(), nullable=False))
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index('ix_place_coordinates', ['latitude', 'longitude'], unique=False)
    with op.batch_alter_table('provision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('topics', sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column('later_changes', sa.JSON(), nullable=False))
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.add_column(sa.Column('label', sa.Text(), nullable=False))
        batch_op.add_column(sa.Column('topics', sa.JSON(), nullable=False))
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.drop_index('ix_service_region_kind')
        batch_op.drop_column('address')
        batch_op.drop_column('languages')
        batch_op.drop_column('whatsapp')
        batch_op.drop_column('free_of_charge')
        batch_op.alter_column('serves', existing_type=sa.String(length=16),
                              type_=sa.String(length=24), existing_nullable=False)
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name_kk_translated', sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column('coverage', sa.String(length=16), nullable=False))
        batch_op.add_column(sa.Column('address', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('latitude', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('longitude', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('location_precision', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('languages', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('cost', sa.String(length=16), nullable=False))
        batch_op.add_column(sa.Column('asks_for', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('passes_to_police', sa.String(length=8), nullable=False))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))
        batch_op.create_index('ix_service_place_id', ['place_id'], unique=False)
        batch_op.create_index('ix_service_region_id', ['region_id'], unique=False)


def downgrade() -> None:
    for table in ('service_listing', 'opening_hours', 'term', 'loaded_entry', 'change'):
        op.drop_table(table)
    _empty()
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.drop_index('ix_service_place_id')
        batch_op.drop_index('ix_service_region_id')
        for name in ('name_kk_translated', 'coverage', 'address', 'latitude', 'longitude',
                     'location_precision', 'languages', 'cost', 'asks_for', 'passes_to_police',
                     'note'):
            batch_op.drop_column(name)
        batch_op.alter_column('serves', existing_type=sa.String(length=24),
                              type_=sa.String(length=16), existing_nullable=False)
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('whatsapp', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('languages', sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column('free_of_charge', sa.Boolean(), nullable=True))
        batch_op.create_index('ix_service_region_kind', ['region_id', 'kind'], unique=False)
    for table, names in (('question', ('label', 'topics')),
                         ('provision', ('topics', 'later_changes')),
                         ('penalty', ('arrest_is_administrative',)), ('act', ('number', 'date'))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.drop_column(name)
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index('ix_place_coordinates')
    _service_need('need', 'service_id')
    _answer_route(key=('topic', 'need', 'position'))
