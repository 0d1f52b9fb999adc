# What instructors and authors do; the Makefile reads this where it is there.

.PHONY: test release demo bundle bench api

EXTRAS = [autograder,test]

test: env ## every test, a file at a time on each core
	@$(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

release: env ## build course/ from solutions/, and prove it fair
	@$(PYTHON) -m autograder release $(ARGS)
	@$(PYTHON) -m autograder prove

demo: env ## a made-up class through the whole cycle, in build/demo
	@$(PYTHON) -m autograder.demo $(ARGS)

bundle: env ## the students' package, build/students.zip
	@$(PYTHON) -m autograder.bundle $(ARGS)

bench: env ## the benchmark tables
	@for table in benchmarks/*.py; do echo "== $$table"; $(PYTHON) $$table || exit 1; done

api: env ## docs/api/, the reference of dlkit, from its docstrings
	@$(PYTHON) -m docs.write_api
