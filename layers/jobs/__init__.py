"""Long work in the background: asked for by a person, done by a worker, its results kept for a while.

Doors: `queue` (`enqueue`, `job`, `jobs_of`, `stop`, and the files a job left), `worker` (`run_next`, and `Work`, what a
handler gets to say how far it is). What kinds of work there are is said by the worker's command, not here.
"""
