using System.Net;
using System.Net.Sockets;
using Holdfast.Hosting;

namespace Holdfast.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("holdfast-data-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_second_owner_is_refused_by_process_id_and_the_folder_is_free_after_the_first()
    {
        var path = Path.Combine(_folder.FullName, "kept");
        using (DataFolder.Take(path))
        {
            var fault = Assert.Throws<DataFolderTakenException>(() => DataFolder.Take(path));
            Assert.Equal(Environment.ProcessId, fault.Owner);
        }

        DataFolder.Take(path).Dispose();
    }

    [Fact]
    public void The_server_file_is_private_and_read_back()
    {
        var path = Path.Combine(_folder.FullName, "server.json");
        var written = new ServerFile("http://127.0.0.1:8080/v1", "hf-secret", 12);
        written.Write(path);

        Assert.Equal(written, ServerFile.Read(path));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        File.WriteAllText(path, "{\"baseUrl\":");
        Assert.Null(ServerFile.Read(path));
    }

    [Fact]
    public void The_process_on_a_port_is_named_on_Linux()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.Contains($"process {Environment.ProcessId}", PortOwner.Find(((IPEndPoint)listener.LocalEndpoint).Port), StringComparison.Ordinal);
    }
}
