import json, threading, time

M = "Zqxmarker"


def test_exp(rasa, rasa_with_api, actions, redis_server):
    def show(name, r):
        print(name, r.status, r.raw[:300].decode(errors="replace"))

    ev = threading.Event()
    s = "u" * 20
    m = M + "hang"

    def hang(c):
        ev.wait(30)
        return 200, b'{"events":[],"responses":[{"text":"late"}]}'

    actions.answers[s] = hang
    t = time.time()
    for i in range(4):
        try:
            show(
                "hung",
                rasa.post({"sender": s, "language": "ru", "text": "муж бьёт меня " + m}, timeout=2),
            )
        except Exception as e:
            print(type(e), time.time() - t, len(actions.of(s)))
    ev.set()
    actions.answers.pop(s)
    t = time.time()
    show("after hang", rasa.say(s, "муж"))
    print(time.time() - t, rasa.files_with(m))
    print(actions.slots(s))
    print(len(actions.of(s)))
    s = "v" * 20
    actions.answers[s] = lambda c: (
        400,
        json.dumps({"action_name": c["next_action"], "error": "x"}).encode(),
    )
    try:
        show(
            "400",
            rasa.post({"sender": s, "language": "ru", "text": "муж бьёт меня " + m}, timeout=3),
        )
    except Exception as e:
        print(type(e), len(actions.of(s)))
    n = len(actions.of(s))
    time.sleep(2)
    print("400 after client gone", n, len(actions.of(s)))
    actions.answers.pop(s)
    time.sleep(0.5)
    n = len(actions.of(s))
    time.sleep(1)
    print(n, len(actions.of(s)))
    print(rasa.files_with(m))
    import redis

    show("api", rasa_with_api.say("w" * 20, "муж бьёт меня " + m))
    c = redis.Redis(port=redis_server.port, db=3)
    print(c.keys("*"), [c.ttl(k) for k in c.keys("*")])
    show("tracker", rasa_with_api.call("GET", "/conversations/" + "w" * 20 + "/tracker"))
    print(rasa.log()[-3000:])
