using Holdfast.Delivery.Toolchains;

namespace Holdfast.Delivery.Tests.Toolchains;

/// <summary>The process ended here: nothing behind it was done.</summary>
internal sealed class KilledException : Exception;

/// <summary>A disk of which one step fails, or is the last: every step after a kill is none.</summary>
/// <param name="at">Which step, from 0.</param>
/// <param name="kills">Else it fails, once.</param>
internal sealed class FaultyDisk(int at, bool kills) : IToolchainDisk
{
    private readonly ToolchainDisk disk = new();
    private int steps;

    /// <summary>Whether it came to that.</summary>
    public bool Happened => steps > at;

    public void MakeFolder(string path) => Step(() => disk.MakeFolder(path));

    public Stream Create(string path, bool executable)
    {
        Stream? made = null;
        Step(() => made = disk.Create(path, executable));
        return new FaultyStream(made!, this);
    }

    public Stream Append(string path)
    {
        Stream? made = null;
        Step(() => made = disk.Append(path));
        return new FaultyStream(made!, this);
    }

    public void DeleteFile(string path) => Step(() => disk.DeleteFile(path));

    public void DeleteFolder(string path) => Step(() => disk.DeleteFolder(path));

    public void MoveFolder(string from, string to) => Step(() => disk.MoveFolder(from, to));

    public void SyncAll(string folder) => Step(() => disk.SyncAll(folder));

    public void SyncFolder(string folder) => Step(() => disk.SyncFolder(folder));

    private void Step(Action work)
    {
        var step = steps++;
        if (kills && step >= at) throw new KilledException();
        if (step == at) throw new IOException("the disk has failed");
        work();
    }

    /// <summary>Half of a write is done when it fails.</summary>
    private sealed class FaultyStream(Stream inner, FaultyDisk disk) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var half = buffer.Length / 2;
            inner.Write(buffer[..half]);
            disk.Step(() => { });
            inner.Write(buffer[half..]);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
