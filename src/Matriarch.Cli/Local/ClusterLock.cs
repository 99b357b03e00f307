using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// One command at a time starts or stops a cluster. The lock goes with the process that holds it, however it ends.
/// </summary>
internal sealed class ClusterLock : IDisposable
{
    private readonly FileStream _file;

    private ClusterLock(FileStream file) => _file = file;

    /// <exception cref="UserException">Another command holds it.</exception>
    public static ClusterLock Take(ClusterPaths paths)
    {
        Directory.CreateDirectory(paths.Run);
        try
        {
            return new ClusterLock(new FileStream(
                paths.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new UserException(
                $"another matriarch command is starting or stopping the cluster in {paths.Root}",
                "wait until it is done, then try again",
                1,
                e);
        }
    }

    public void Dispose() => _file.Dispose();
}
