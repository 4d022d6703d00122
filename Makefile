.PHONY: gazetteer

# For maintainers: makes the table of places again (network, Python, npm, zstd).
gazetteer:
	python3 tools/gazetteer/build_core.py
