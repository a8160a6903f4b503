"""Rights and services: models, queries, migrations, seed data, loader. Imports no other room."""
