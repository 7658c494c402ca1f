"""An SMTP server on loopback that remembers what it was told, with or without TLS of its own certificate."""

import socketserver
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class SmtpServer(socketserver.ThreadingTCPServer):
    """`tls`: starttls offers it, smtps begins with it, None has none. `heard` are the lines of all clients."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, folder: Path, tls: str | None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.tls, self.heard = tls, list[str]()
        self.certificate = folder / "certificate.pem"
        _self_signed(self.certificate)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        with suppress(OSError, ValueError):  # a client that does not trust us hangs up
            self._serve()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()
        self.connection.close()

    def _serve(self) -> None:
        if self.server.tls == "smtps":
            self._encrypt()
        self._say("220 here")
        data = False
        while told := self.rfile.readline():
            line = told.decode().rstrip("\r\n")
            self.server.heard.append(line)
            word = line.split(" ")[0].upper()
            if data:
                data = line != "."
                if not data:
                    self._say("250 kept")
            elif word == "EHLO":
                self._say(
                    "250-here\r\n250-AUTH PLAIN"
                    + ("\r\n250 STARTTLS" if self.server.tls == "starttls" else "\r\n250 OK")
                )
            elif word == "STARTTLS" and self.server.tls == "starttls":
                self._say("220 go on")
                self._encrypt()
            elif word == "DATA":
                data = True
                self._say("354 go on")
            else:
                self._say({"AUTH": "235 welcome", "QUIT": "221 bye", "STARTTLS": "454 no"}.get(word, "250 OK"))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def _encrypt(self) -> None:
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")


def _self_signed(file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
