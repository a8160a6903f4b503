"""first tables

Revision: 0001
Revises: 
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('act',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('short', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('constant',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', 'year')
    )
    op.create_table('place',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('region_id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_place_region_id'), ['region_id'], unique=False)

    op.create_table('question',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('confidence', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('seed_state',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('answer_point',
    sa.Column('question_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('confidence', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], ),
    sa.PrimaryKeyConstraint('question_id', 'position')
    )
    op.create_table('answer_route',
    sa.Column('topic', sa.String(length=48), nullable=False),
    sa.Column('need', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], ),
    sa.PrimaryKeyConstraint('topic', 'need', 'position')
    )
    op.create_table('provision',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('act_id', sa.String(length=64), nullable=False),
    sa.Column('article', sa.String(length=64), nullable=False),
    sa.Column('heading', sa.Text(), nullable=False),
    sa.Column('heading_kk_checked', sa.Boolean(), nullable=False),
    sa.Column('conduct', sa.Text(), nullable=False),
    sa.Column('who_is_protected', sa.String(length=32), nullable=False),
    sa.Column('prosecution', sa.String(length=32), nullable=True),
    sa.Column('prosecution_by_part', sa.JSON(), nullable=False),
    sa.Column('in_force_from', sa.Date(), nullable=True),
    sa.Column('in_force_to', sa.Date(), nullable=True),
    sa.Column('changed_by_law_2024', sa.Boolean(), nullable=False),
    sa.Column('changed_by_law_2024_note', sa.Text(), nullable=True),
    sa.Column('valid_as_of', sa.Date(), nullable=True),
    sa.Column('confidence', sa.String(length=16), nullable=False),
    sa.Column('official_location', sa.Text(), nullable=True),
    sa.Column('read_via', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('service',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('serves', sa.String(length=16), nullable=False),
    sa.Column('region_id', sa.String(length=64), nullable=True),
    sa.Column('place_id', sa.String(length=64), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('whatsapp', sa.String(length=24), nullable=True),
    sa.Column('telegram', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('website', sa.Text(), nullable=True),
    sa.Column('hours', sa.String(length=64), nullable=True),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('free_of_charge', sa.Boolean(), nullable=True),
    sa.Column('offers_shelter', sa.Boolean(), nullable=True),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('last_seen', sa.String(length=10), nullable=True),
    sa.Column('confidence', sa.String(length=16), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], ),
    sa.ForeignKeyConstraint(['region_id'], ['place.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.create_index('ix_service_region_kind', ['region_id', 'kind'], unique=False)

    op.create_table('national_line',
    sa.Column('subject', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('service_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], ),
    sa.PrimaryKeyConstraint('subject', 'position')
    )
    op.create_table('penalty',
    sa.Column('provision_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('other', sa.Text(), nullable=True),
    sa.Column('fine_mci_min', sa.Double(), nullable=True),
    sa.Column('fine_mci_max', sa.Double(), nullable=True),
    sa.Column('correctional_works_mci_min', sa.Double(), nullable=True),
    sa.Column('correctional_works_mci_max', sa.Double(), nullable=True),
    sa.Column('community_service_hours_min', sa.Double(), nullable=True),
    sa.Column('community_service_hours_max', sa.Double(), nullable=True),
    sa.Column('arrest_days_min', sa.Double(), nullable=True),
    sa.Column('arrest_days_max', sa.Double(), nullable=True),
    sa.Column('restriction_of_liberty_years_min', sa.Double(), nullable=True),
    sa.Column('restriction_of_liberty_years_max', sa.Double(), nullable=True),
    sa.Column('imprisonment_years_min', sa.Double(), nullable=True),
    sa.Column('imprisonment_years_max', sa.Double(), nullable=True),
    sa.Column('life_imprisonment', sa.Boolean(), nullable=False),
    sa.Column('warning', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['provision_id'], ['provision.id'], ),
    sa.PrimaryKeyConstraint('provision_id', 'position')
    )
    op.create_table('penalty_route',
    sa.Column('need', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('provision_id', sa.String(length=64), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['provision_id'], ['provision.id'], ),
    sa.PrimaryKeyConstraint('need', 'position')
    )
    op.create_table('question_basis',
    sa.Column('question_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('provision_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['provision_id'], ['provision.id'], ),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], ),
    sa.PrimaryKeyConstraint('question_id', 'position')
    )
    op.create_table('service_need',
    sa.Column('need', sa.String(length=32), nullable=False),
    sa.Column('service_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], ),
    sa.PrimaryKeyConstraint('need', 'service_id')
    )
    op.create_table('service_phone',
    sa.Column('service_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], ),
    sa.PrimaryKeyConstraint('service_id', 'position')
    )


def downgrade() -> None:
    op.drop_table('service_phone')
    op.drop_table('service_need')
    op.drop_table('question_basis')
    op.drop_table('penalty_route')
    op.drop_table('penalty')
    op.drop_table('national_line')
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.drop_index('ix_service_region_kind')

    op.drop_table('service')
    op.drop_table('provision')
    op.drop_table('answer_route')
    op.drop_table('answer_point')
    op.drop_table('seed_state')
    op.drop_table('question')
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_place_region_id'))

    op.drop_table('place')
    op.drop_table('constant')
    op.drop_table('act')
