#!/usr/bin/env python3
"""Serves the ONVIF side of PyPI's ipycam on loopback until standard input ends. The login is admin, admin.

Its first line of output is the address of its device service. The protocol, the login and the moving of its picture are
ipycam's own; only its video, for which it wants a camera and go2rtc, is left out.
"""
import http.server
import os
import sys
import tempfile
import threading

os.chdir(tempfile.mkdtemp(prefix="ipycam-"))  # it keeps presets and settings in the working folder

from ipycam import CameraConfig, IPCameraHTTPHandler, ONVIFService, PTZController


class Camera:
    """What its HTTP handler wants of a camera."""

    def __init__(self, port: int):
        self.config = CameraConfig(local_ip="127.0.0.1", onvif_port=port, username="admin", password="admin")
        self.ptz = PTZController(output_width=1920, output_height=1080)
        self.onvif = ONVIFService(self.config, self.ptz)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), IPCameraHTTPHandler)
server.daemon_threads = True
port = server.server_address[1]
IPCameraHTTPHandler.camera = Camera(port)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{port}/onvif/device_service", flush=True)
sys.stdin.read()
