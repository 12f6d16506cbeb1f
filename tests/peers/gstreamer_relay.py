#!/usr/bin/python3
"""A relay that nobody here wrote: GStreamer's RTSP server, which takes each stream once by GStreamer's RTSP client and sends
it to everybody who asks, without decoding it.

gstreamer_relay.py PORT
Standard input: one stream a line, "PATH CODEC URL USER PASSWORD" (CODEC is h264 or h265), then an empty line.
Prints "ready" when it listens. Ends with standard input, so that it never outlives the test.
"""
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

RELAY = (
    '( rtspsrc location="{url}" user-id="{user}" user-pw="{password}" protocols=tcp latency=0'
    " ! rtp{codec}depay ! {codec}parse config-interval=-1"
    " ! rtp{codec}pay name=pay0 pt=96 config-interval=-1 )"
)


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(sys.argv[1])
    for line in iter(sys.stdin.readline, "\n"):
        path, codec, url, user, password = line.split()
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(RELAY.format(url=url, user=user, password=password, codec=codec))
        factory.set_shared(True)
        server.get_mount_points().add_factory(path, factory)
    if server.attach(None) == 0:
        sys.exit("cannot listen on port " + sys.argv[1])
    print("ready", flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


main()
