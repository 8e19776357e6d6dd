-- wrk: every request creates a video, of a JSON body.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"model": "sora-2", "prompt": "A paper boat on a calm lake", "seconds": "4"}'
