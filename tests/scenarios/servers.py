"""Debian's postfix and dovecot, each in a folder and on ports of its own; nothing of the machine's own mail is touched.

Both begin as root and give up their rights by themselves, so they run where the tests are root and the packages are installed.
"""

import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

POSTFIX, DOVECOT = "/usr/sbin/postfix", "/usr/sbin/dovecot"
OURS, THEIRS = "sembria.example", "cliente.example"
PASSWORD = "not-a-secret"
_PATIENCE = 20.0


def missing() -> str:
    """Why these servers cannot run here; "" where they can."""
    if os.geteuid() != 0:
        return "postfix and dovecot start only as root"
    absent = [name for name, path in (("postfix", POSTFIX), ("dovecot-imapd", DOVECOT)) if not Path(path).exists()]
    return f"not installed: {', '.join(absent)}" if absent else ""


class Mail:
    """A mail server for two domains and a mailbox server beside it.

    What is for nobody at `THEIRS` is taken and goes on to a second door, which refuses it with 550 as a customer's own server
    would. Every mailbox takes `name+anything` too.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.boxes = folder, folder / "boxes"
        self.smtp_port, self.inner_port, self.imap_port = _free_ports(3)
        self._dovecot: subprocess.Popen[bytes] | None = None

    @property
    def smtp_url(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp_port}"

    def imap_url(self, address: str) -> str:
        return f"imap://{address.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.imap_port}/INBOX"

    def start(self, *mailboxes: str) -> None:
        mail = pwd.getpwnam("nobody")
        self.boxes.mkdir()
        os.chown(self.boxes, mail.pw_uid, mail.pw_gid)
        self._start_postfix(mailboxes, mail)
        self._start_dovecot(mail)

    def stop(self) -> None:
        subprocess.run([POSTFIX, "-c", self.folder / "postfix", "stop"], capture_output=True, check=False)
        self.stop_dovecot()

    def stop_dovecot(self) -> None:
        """Every connection to the mailboxes breaks, in the middle of whatever it was doing."""
        if self._dovecot:
            os.killpg(self._dovecot.pid, signal.SIGKILL)
            self._dovecot.wait(_PATIENCE)
            self._dovecot = None

    def restart_dovecot(self) -> None:
        self.stop_dovecot()
        self._start_dovecot(pwd.getpwnam("nobody"))

    def inbox(self, address: str) -> list[Path]:
        """The messages in a mailbox, the oldest first."""
        folder = self.boxes / address
        found = [*folder.glob("new/*"), *folder.glob("cur/*")]
        return sorted(found, key=lambda one: one.stat().st_mtime_ns)

    def wait_for(self, address: str, count: int) -> list[bytes]:
        """The messages of a mailbox once so many are there."""
        deadline = time.monotonic() + _PATIENCE
        while len(found := self.inbox(address)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{address} has {len(found)} messages, not {count}: {self.log()}")
            time.sleep(0.05)
        return [one.read_bytes() for one in found]

    def send(self, sender: str, to: str, raw: bytes) -> None:
        """Hand over a message as a mail program does."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=_PATIENCE) as server:
            server.sendmail(sender, [to], raw)

    def log(self) -> str:
        """The last of what the servers said, for whoever reads why a test failed."""
        texts = [path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log"))]
        return "\n".join(text[-3000:] for text in texts)

    def _start_postfix(self, mailboxes: tuple[str, ...], mail: pwd.struct_passwd) -> None:
        etc, data = self.folder / "postfix", self.folder / "data"
        for each in (etc, data, self.folder / "queue"):
            each.mkdir()
        os.chown(data, pwd.getpwnam("postfix").pw_uid, -1)
        (etc / "boxes").write_text("".join(f"{one} {one}/\n" for one in mailboxes))
        doors = [*(f"{one} virtual:" for one in mailboxes), f"{THEIRS} relay:[127.0.0.1]:{self.inner_port}"]
        (etc / "doors").write_text("".join(f"{one}\n" for one in doors))
        (etc / "main.cf").write_text(
            _MAIN.format(folder=self.folder, uid=mail.pw_uid, gid=mail.pw_gid, ours=OURS, theirs=THEIRS)
        )
        (etc / "master.cf").write_text(_MASTER.format(port=self.smtp_port, inner=self.inner_port))
        started = subprocess.run([POSTFIX, "-c", etc, "start"], capture_output=True, text=True, check=False)
        if started.returncode:
            raise RuntimeError(f"postfix did not start: {started.stdout}{started.stderr}{self.log()}")
        _listening(self.smtp_port)
        _listening(self.inner_port)

    def _start_dovecot(self, mail: pwd.struct_passwd) -> None:
        conf = self.folder / "dovecot.conf"
        conf.write_text(
            _DOVECOT.format(
                folder=self.folder,
                boxes=self.boxes,
                port=self.imap_port,
                password=PASSWORD,
                uid=mail.pw_uid,
                gid=mail.pw_gid,
            )
        )
        self._dovecot = subprocess.Popen([DOVECOT, "-F", "-c", conf], start_new_session=True)
        _listening(self.imap_port)


@contextmanager
def mail_servers(*mailboxes: str) -> Iterator[Mail]:
    """Both servers with these mailboxes."""
    folder = Path(mkdtemp(prefix="puntual-mail-", dir="/tmp"))
    folder.chmod(0o755)
    mail = Mail(folder)
    try:
        mail.start(*mailboxes)
        yield mail
    finally:
        mail.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _listening(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = /tmp
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.{ours}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {ours}, {theirs}
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = texthash:{folder}/postfix/boxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
transport_maps = texthash:{folder}/postfix/doors
default_transport = error:nothing leaves this machine
"""
_MASTER = """\
{port} inet n - n - - smtpd
{inner} inet n - n - - smtpd -o smtpd_reject_unlisted_recipient=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
relay unix - - n - - smtp
smtp unix - - n - - smtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{boxes}/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={boxes}/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
