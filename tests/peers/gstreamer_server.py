#!/usr/bin/python3
"""An RTSP server that nobody here wrote: GStreamer's, with an H.265 encoder behind it.

gstreamer_server.py PORT [USER PASSWORD [basic|digest]]
gstreamer_server.py PORT --recorded FILE
  /bars   colour bars, 640x360, 12 fps, a key frame a second
  /ball   a moving ball, otherwise the same
  /recorded  the H.265 in a Matroska file, from wherever it is asked for (plain RTSP: npt, PAUSE)
Prints "ready" when it listens. Ends with standard input, so that it never outlives the test.
"""
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

ENCODER = (
    "( videotestsrc is-live=true pattern={pattern} ! video/x-raw,format=I420,width=640,height=360,framerate=12/1"
    " ! x265enc speed-preset=ultrafast tune=zerolatency bitrate=800 key-int-max=12 option-string=log-level=none"
    " ! video/x-h265,profile=main ! h265parse config-interval=-1 ! rtph265pay name=pay0 pt=96 config-interval=-1 )"
)


RECORDED = "( filesrc location={file} ! matroskademux ! h265parse config-interval=-1 ! rtph265pay name=pay0 pt=96 config-interval=-1 )"


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
    Gst.init(None)
    port, login = sys.argv[1], sys.argv[2:]
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
    print("ready", flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


main()
