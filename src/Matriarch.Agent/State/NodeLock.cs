using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// One agent per node directory: an advisory lock on a file in it, held until the process ends, however it ends.
/// </summary>
internal sealed class NodeLock : IDisposable
{
    private readonly FileStream _file;

    private NodeLock(FileStream file) => _file = file;

    /// <exception cref="UserException">Another agent runs on the directory.</exception>
    public static NodeLock Take(string directory)
    {
        var path = Path.Combine(directory, "agent.lock");
        try
        {
            // FileShare.None is an flock on Unix: it ends with the process.
            return new NodeLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new UserException(
                $"another agent already runs on {directory}",
                "Stop that agent first, or give this node a directory of its own.", 1, e);
        }
    }

    public void Dispose() => _file.Dispose();
}
