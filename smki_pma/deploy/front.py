"""The TLS front on one's own machine: nginx with the production's own configuration, on a free port.

Standard library only: the supervisor starts it. Keys and certificates stand in the data folder, made by
manage.py prepare_local_front.
"""

import os
import shutil
from pathlib import Path

PRODUCTION = Path(__file__).parent / "nginx.conf"
PLAIN_SERVER = """server {
    listen 80;
    server_name smki-pma.example;
    return 301 https://$host$request_uri;
}
"""
# nginx runs as its own user in production; here as whoever started it, who alone may open the data folder. One process
# without a master: a supervisor that is killed takes it along, and nothing stays behind on the port.
AROUND = """daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path       {folder}/proxy;
    fastcgi_temp_path     {folder}/fastcgi;
    uwsgi_temp_path       {folder}/uwsgi;
    scgi_temp_path        {folder}/scgi;
{site}
}}
"""


class NoNginx(Exception):
    """nginx is not installed. The message says what to do."""


def folder(data_dir: Path) -> Path:
    """Where the front of an embedded installation keeps its files."""
    return data_dir / "front"


def socket(data_dir: Path) -> Path:
    """The socket on which gunicorn hears the front, and nobody else."""
    return folder(data_dir) / "web.sock"


def program() -> str:
    """The path of nginx. Raises NoNginx."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise NoNginx("nginx is not installed: apt-get install nginx, then try again.")
    return found


def configuration(data_dir: Path, port: int) -> str:
    """The production's configuration with this machine's addresses and files in place of its own."""
    here = folder(data_dir)
    site = PRODUCTION.read_text()
    for name, own in (
        (PLAIN_SERVER, ""),
        ("unix:/run/smki-pma/web.sock", f"unix:{socket(data_dir)}"),
        ("listen 443 ssl http2", f"listen 127.0.0.1:{port} ssl http2"),
        ("server_name smki-pma.example", "server_name localhost"),
        ("/srv/smki-pma/smki_pma/deploy/pages", str(Path(__file__).parent / "pages")),
        ("/etc/smki-pma/tls/chain.pem", str(here / "server.pem")),
        ("/etc/smki-pma/tls/key.pem", str(here / "server.key")),
        ("/etc/smki-pma/tls/interface-authorities.pem", str(here / "interface-authorities.pem")),
    ):
        if name not in site:
            raise ValueError(f"nginx.conf no longer says {name!r}: bring front.py up to it.")
        site = site.replace(name, own)
    # Links that the application makes, and its check of the host, need the port too.
    site = site.replace("Host                $host;", "Host                $http_host;")
    return AROUND.format(folder=here, site=site)


def write_configuration(data_dir: Path, port: int) -> list[str]:
    """Write it, and give the command that starts nginx on it."""
    here = folder(data_dir)
    here.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = here / "nginx.conf"
    file.write_text(configuration(data_dir, port))
    return [program(), "-c", str(file), "-p", str(here), "-e", "stderr"]


def how_to_try(data_dir: Path, port: int) -> str:
    """The addresses, and a curl that works at once with the sample community."""
    here = folder(data_dir)
    curl = f"curl --cacert {here}/server.pem --cert {here}/client.pem --key {here}/client.key"
    words = (
        f"The SMKI Service Interface is at https://localhost:{port}/\n"
        f"  EST: https://localhost:{port}/.well-known/est/device/  JSON: https://localhost:{port}/api/v1/\n"
    )
    if (here / "client.pem").exists():
        words += f"Try it: {curl} https://localhost:{port}/.well-known/est/device/cacerts\n"
    return words
