using System.Text.Json;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>
/// Keeps the newest pause that this agent knows, in a file so that it outlives the agent, and tells consensus. Safe for
/// any thread.
/// </summary>
internal sealed class PauseRegister(NodeId self, string directory, Action<ConsensusEvent> post)
{
    private const string FileName = "pause.json";

    /// <summary>The longest reason that is kept, in characters.</summary>
    public const int LongestReason = 200;

    private readonly string _path = Path.Combine(directory, FileName);
    private readonly Lock _changing = new();
    private PauseState _state = PauseState.Never;

    /// <summary>The newest that is known.</summary>
    public PauseState State => Volatile.Read(ref _state);

    /// <summary>Reads the file; a missing or damaged one only means that the others have to tell.</summary>
    public void Load()
    {
        try
        {
            if (File.Exists(_path)
                && JsonSerializer.Deserialize(File.ReadAllText(_path), FactsJson.Default.PauseState) is { } state)
            {
                _state = state;
            }
        }
        catch (JsonException)
        {
            File.Delete(_path);
        }

        if (State.IsPaused)
        {
            post(new ConsensusEvent.QuiesceAsked(true));
        }
    }

    /// <summary>An operator asks this agent.</summary>
    public PauseState Ask(bool isPaused, string reason)
    {
        lock (_changing)
        {
            if (_state.IsPaused != isPaused)
            {
                Take(_state.Next(self, isPaused, reason));
            }

            return _state;
        }
    }

    /// <summary>Another agent tells what it knows.</summary>
    public void Heard(PauseState? told)
    {
        if (told is null || !told.IsNewerThan(State))
        {
            return;
        }

        lock (_changing)
        {
            if (told.IsNewerThan(_state))
            {
                Take(told);
            }
        }
    }

    private void Take(PauseState next)
    {
        DurableFile.Replace(_path, JsonSerializer.Serialize(next, FactsJson.Default.PauseState));
        Volatile.Write(ref _state, next);
        post(new ConsensusEvent.QuiesceAsked(next.IsPaused));
    }
}
