"""A gradebook's rows in a form in which two gradebooks can be compared."""

from nbgrader.api import Base
from sqlalchemy import create_engine


def tables(url):
    """Every table's rows, with names in the place of ids."""
    engine = create_engine(url)
    with engine.connect() as connection:
        read = {
            table.name: [dict(row._mapping) for row in connection.execute(table.select())]
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    names = {None: None}
    for row in read["assignment"] + read["notebook"] + read["source_cell"]:
        names[row["id"]] = row["name"]
    for row in read["base_cell"]:
        names[row["id"]] = f"{row['type']} {row['name']}"
    for row in read["submitted_assignment"]:
        names[row["id"]] = f"{row['student_id']}'s {names[row['assignment_id']]}"
    for row in read["submitted_notebook"]:
        names[row["id"]] = names[row["assignment_id"]]
    named = {}
    for table, rows in read.items():
        for row in rows:
            for column in [c for c in row if c == "id" or c.endswith("_id")]:
                row[column] = names.get(row[column], row[column])
            if table in ("grade", "comment"):
                del row["id"]
        named[table] = sorted(rows, key=repr)
    # nbgrader's preprocessors open the gradebook under this name, beside the course's own
    named["course"] = [row for row in named["course"] if row["id"] != "default_course"]
    return named
