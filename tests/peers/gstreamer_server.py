#!/usr/bin/python3
"""An RTSP server that nobody here wrote: GStreamer's, with an H.265 encoder behind it.

gstreamer_server.py PORT [USER PASSWORD [basic|digest]]
gstreamer_server.py PORT --recorded FILE
gstreamer_server.py PORT --replay FILE BEGINS
  /bars   colour bars, 640x360, 12 fps, a key frame a second
  /ball   a moving ball, otherwise the same
  /recorded  the H.265 in a Matroska file, from wherever it is asked for (plain RTSP: npt, PAUSE)
  /replay    the H.265 in an MP4 file as a recording that began at BEGINS (seconds since 1970), by ONVIF's replay:
             clock, Scale, Rate-Control, Frames, and the time of each picture in its packets
Prints "ready" when it listens, and "play" for each session that begins to play. Ends with standard input, so that it never outlives the test.
"""
import datetime
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, GObject, Gst, GstRtsp, GstRtspServer  # noqa: E402

ENCODER = (
    "( videotestsrc is-live=true pattern={pattern} ! video/x-raw,format=I420,width=640,height=360,framerate=12/1"
    " ! x265enc speed-preset=ultrafast tune=zerolatency bitrate=800 key-int-max=12 option-string=log-level=none"
    " ! video/x-h265,profile=main ! h265parse config-interval=-1 ! rtph265pay name=pay0 pt=96 config-interval=-1 )"
)


RECORDED = "( filesrc location={file} ! matroskademux ! h265parse config-interval=-1 ! rtph265pay name=pay0 pt=96 config-interval=-1 )"


# Before any class below is made: they take their types from what this registers.
Gst.init(None)

# Seconds from 1900, where the times in the packets begin, to 1970.
NTP = 2_208_988_800
UTC = datetime.timezone.utc


class Replay(GstRtspServer.RTSPOnvifMedia):
    """A file that began at a certain time: that much is left to who uses the server."""

    begins = 0

    def do_convert_range(self, asked, unit):
        if asked.unit == unit:
            return True
        convert = self.since_beginning if unit == GstRtsp.RTSPRangeUnit.NPT else self.of_the_day
        convert(asked.min, asked.min2)
        convert(asked.max, asked.max2)
        asked.unit = unit
        return True

    def since_beginning(self, time, day):
        if time.type == GstRtsp.RTSPTimeType.UTC:
            midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
            time.type = GstRtsp.RTSPTimeType.SECONDS
            time.seconds = max(0.0, midnight + time.seconds - self.begins)

    def of_the_day(self, time, day):
        if time.type == GstRtsp.RTSPTimeType.SECONDS:
            at = datetime.datetime.fromtimestamp(self.begins + time.seconds, UTC)
            midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
            day.year, day.month, day.day = at.year, at.month, at.day
            time.type, time.seconds = GstRtsp.RTSPTimeType.UTC, (at - midnight).total_seconds()


class ReplayFactory(GstRtspServer.RTSPOnvifMediaFactory):
    file = ""

    def do_create_element(self, _url):
        # Reads MP4: GStreamer's reader of Matroska does not go back to the key frame before a place.
        top = Gst.parse_launch(f"( filesrc location={self.file} ! qtdemux ! h265parse name=parse config-interval=-1 )")
        offset = (Replay.begins + NTP) * Gst.SECOND
        payloader = Gst.parse_bin_from_description(
            "rtph265pay pt=96 config-interval=-1"
            f" ! rtponviftimestamp set-t-bit=true set-e-bit=true drop-out-of-segment=false ntp-offset={offset}",
            True,
        )
        payloader.set_name("pay0")
        top.add(payloader)
        top.get_by_name("parse").link(payloader)
        return top


def replay(file, begins):
    """A server of one recording."""
    GObject.type_register(Replay)
    GObject.type_register(ReplayFactory)
    Replay.begins, ReplayFactory.file = int(begins), file
    server, factory = GstRtspServer.RTSPOnvifServer(), ReplayFactory()
    factory.set_replay_support(True)
    factory.set_media_gtype(Replay)
    server.get_mount_points().add_factory("/replay", factory)
    return server


def protect(server, user, password, scheme):
    """Digest (or Basic) in front of everything."""
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if scheme == "digest":
        auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
        auth.add_digest(user, password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)


def main():
    port, login = sys.argv[1], sys.argv[2:]
    if login and login[0] == "--replay":
        server, login = replay(*login[1:]), []
    else:
        server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    if login and login[0] == "--recorded":
        # Each client has a place of its own in it.
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(RECORDED.format(file=login[1]))
        server.get_mount_points().add_factory("/recorded", factory)
        login = []
    if login:
        protect(server, login[0], login[1], login[2] if len(login) > 2 else "digest")
    for path, pattern in (("/bars", "smpte"), ("/ball", "ball")):
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(ENCODER.format(pattern=pattern))
        factory.set_shared(True)
        if login:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("viewer", "media.factory.access", True)
            permissions.add_permission_for_role("viewer", "media.factory.construct", True)
            factory.set_permissions(permissions)
        server.get_mount_points().add_factory(path, factory)
    if server.attach(None) == 0:
        sys.exit("cannot listen on port " + port)
    said = lambda *_: print("play", flush=True)  # noqa: E731
    server.connect("client-connected", lambda _, client: client.connect("play-request", said))
    print("ready", flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


main()
