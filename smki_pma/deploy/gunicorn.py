"""How gunicorn serves the web. The address comes from its caller's command line."""

worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 10
keepalive = 5
# One import for all processes; none of them opens the database before it is asked something.
preload_app = True
loglevel = "warning"
# Query strings and addresses of people stay out of the logs.
accesslog = None
# One in the home folder, shared by whatever runs there, would let others stop or reload the web.
control_socket_disable = True
