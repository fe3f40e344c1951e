"""Where a feature leads: procedures, rules as data, and their pure evaluation.

Doors: catalogue (procedures_of, procedure, procedures_in_force, handled_by), coverage (report, preview), export
(related_json, cpsv_ap), words (sentences), files (the rule book as text), cases (a rule tried on its own cases).
rule, evaluate, observed and cases are pure; facts, bodies and catalogue ask PostGIS. Any room above may call.
"""
