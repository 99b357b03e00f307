using Matriarch.Proxy;
using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>
/// What a server answers when a session is moved: a login, the question what the session carries, its replay. What was
/// told can be given: every state makes a replay that ends by its answers.
/// </summary>
internal sealed class MovingTarget : IFuzzTarget
{
    private static readonly byte[] User = "postgres"u8.ToArray();

    public string Name => "moving";

    public void Play(Script script, Random random)
    {
        var messages = Pieces.Messages(script.Of(Side.Server)).ToList();
        var login = new ServerLogin(ScramLogin.With(random.Next(2) == 0 ? null : new byte[32]), random.Next(2) == 0);
        foreach (var (code, body) in messages.TakeWhile(_ => !login.IsDone))
        {
            login.Take(code, body);
        }

        var query = new StateQuery(User, ["app.user"]);
        var taken = 0;
        foreach (var (code, body) in messages.TakeWhile(_ => query.Answer is null))
        {
            query.Take(code, body);
            taken++;
        }

        if (query.Answer is StateAnswer.Told { State: var state })
        {
            Replay(new StateReplay(state, login.Reported), messages.Skip(taken));
            Check.That(state.Reported.Count > 0, "a state without what the client knows");
        }

        Replay(new StateReplay(Fixed, login.Reported), messages);
    }

    private static readonly SessionState Fixed = new()
    {
        Settings = [("app.user"u8.ToArray(), "x"u8.ToArray())],
        Statements = [new("s"u8.ToArray(), "SELECT 1"u8.ToArray(), [], false), new("q"u8.ToArray(), User, [23], true)],
        Channels = ["c"u8.ToArray()],
        Role = User,
        Reported = new Dictionary<string, string>(StringComparer.Ordinal) { ["TimeZone"] = "UTC" },
    };

    private static void Replay(StateReplay replay, IEnumerable<(byte Code, byte[] Body)> messages)
    {
        var sent = Pieces.Messages(replay.Question.ToArray()).ToList();
        Check.That(
            sent.Sum(m => m.Body.Length + MessageHeader.Size) == replay.Question.Length,
            "the replay is no sequence of messages");
        var answers = sent.Count(m => m.Code is FrontendCode.Query or FrontendCode.Sync);
        Check.That(replay.IsDone == (answers == 0), "a replay of nothing, or without an end");
        foreach (var (code, body) in messages.TakeWhile(_ => !replay.IsDone))
        {
            replay.Take(code, body);
        }

        _ = replay.Changes().Count();
    }
}
