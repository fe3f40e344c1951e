"""The app. Rooms from low to high; upper may import lower, never the other way (import-linter holds it).

geo, errors          leaves: coordinate systems; every fault by name
collections          what we hold: one folder per collection, a declaration and its tables
access               who may: readers and rules
reading | editing | procedures    how anything is read, changed, and which public services it leads to
transfer | reports   files in and out; paper
ogc | pages | management          faces: machines, people, the terminal. They parse and render, and decide nothing.
"""
