using Holdfast.Core.Sources;

namespace Holdfast.Core.Tests.Sources;

/// <summary>A service that writes, a rotation that does what rotations do, and a reader that is killed at any step. Each line is read once; a seed is a story.</summary>
public sealed class FollowSimulationTests
{
    private const int Stories = 200;

    /// <summary>vector#22954, fluent-bit#1330, fluent-bit#5114, beats#1956: rotation by renaming, with the reader away for part of it.</summary>
    [Theory]
    [InlineData("app.log")]
    [InlineData("*.log")]
    [InlineData("app.log*")]
    public void Renaming_costs_no_line_and_repeats_none(string pattern) => Tell(pattern, story => story.RotateByRenaming(), missesNames: true);

    /// <summary>vector#23619, fluent-bit#9580, beats#36541: rotation by copying and emptying, looked at between its steps.</summary>
    [Theory]
    [InlineData("app.log")]
    [InlineData("*.log")]
    [InlineData("app.log*")]
    public void Copying_and_emptying_costs_no_line_and_repeats_none(string pattern) => Tell(pattern, story => story.RotateByCopying());

    /// <summary>Both, in turns.</summary>
    [Fact]
    public void Whatever_a_rotation_does_costs_no_line_and_repeats_none() => Tell("app.log", story => story.RotateSomehow());

    /// <summary>vector#23076, beats#1341: files are deleted unread and their inodes are others' at once. What nobody could read is lost; nothing else is, and nothing is read twice.</summary>
    [Fact]
    public void Deletion_costs_what_stood_there_unread_and_nothing_else()
    {
        for (var seed = 1; seed <= Stories; seed++)
        {
            var story = new Story(seed, "app.log");
            for (var i = 0; i < 60; i++)
            {
                story.Step();
                if (story.Random.Next(8) == 0) story.RotateSomehow();
                if (story.Random.Next(6) == 0) story.DeleteSomething();
            }

            story.End();
            var read = story.Reader.Lines.ToList();
            Assert.True(read.Count == read.Distinct().Count(), $"seed {seed}: read twice: {string.Join(", ", read.GroupBy(line => line).Where(same => same.Count() > 1).Select(same => same.Key))}");
            var missing = story.Written.Except(read).ToList();
            Assert.True(missing.All(story.Destroyed.Contains), $"seed {seed}: not read, though nobody destroyed it: {string.Join(", ", missing.Except(story.Destroyed))}");
        }
    }

    private static void Tell(string pattern, Action<Story> rotate, bool missesNames = false)
    {
        for (var seed = 1; seed <= Stories; seed++)
        {
            var story = new Story(seed, pattern, missesNames);
            for (var i = 0; i < 60; i++)
            {
                story.Step();
                if (story.Random.Next(8) == 0) rotate(story);
            }

            story.End();
            var read = story.Reader.Lines.ToList();
            Assert.True(
                story.Written.Order(StringComparer.Ordinal).SequenceEqual(read.Order(StringComparer.Ordinal)),
                $"seed {seed}, {pattern}: missing {string.Join(", ", story.Written.Except(read))}; twice {string.Join(", ", read.GroupBy(line => line).Where(same => same.Count() > 1).Select(same => same.Key))}");
            Assert.Empty(story.Reader.Lost);
        }
    }

    private sealed class Story
    {
        private readonly SimulatedFolder folder;
        private SimulatedFile current;
        private int lines;

        public Story(int seed, string pattern, bool missesNames = false)
        {
            Random = new(seed);
            folder = new(pattern);
            Reader = new(folder, Random) { MissesNames = missesNames };
            Reader.Turn(0);
            current = folder.Create("app.log");
            current.Users++;
        }

        public Random Random { get; }

        public SimulatedReader Reader { get; }

        public List<string> Written { get; } = [];

        /// <summary>Lines that stood nowhere any more when they were not read.</summary>
        public HashSet<string> Destroyed { get; } = new(StringComparer.Ordinal);

        public void Step()
        {
            if (Random.Next(3) > 0) Write();
            Look();
        }

        public void RotateSomehow()
        {
            if (Random.Next(2) == 0) RotateByRenaming();
            else RotateByCopying();
        }

        public void RotateByRenaming()
        {
            Shift();
            folder.Rename("app.log", "app.log.1");
            Look();
            // It writes on where it was until it is told.
            if (Random.Next(2) == 0) Write();
            Look();
            var before = current;
            current = folder.Create("app.log");
            current.Users++;
            if (Random.Next(3) == 0) before.Append(Line());
            before.Users--;
            folder.Closed(before);
            if (Random.Next(2) == 0) Write();
            Look();
        }

        public void RotateByCopying()
        {
            Shift();
            var copy = folder.Create("app.log.1");
            Look();
            while (copy.Content.Count < current.Content.Count)
            {
                copy.CopyFrom(current, Random.Next(1, 200));
                Look();
            }

            if (Random.Next(3) == 0) Reader.Now += TimeSpan.FromSeconds(3);
            Look();
            current.Truncate();
            if (Random.Next(2) == 0) Write();
            Look();
        }

        public void DeleteSomething()
        {
            var names = folder.Names.ToList();
            var name = names[Random.Next(names.Count)];
            if (name == "app.log") return;
            var file = folder[name];
            Destroyed.UnionWith(System.Text.Encoding.UTF8.GetString(file.Content.ToArray()).Split('\n'));
            folder.Delete(name);
        }

        /// <summary>Everything is quiet, and nobody dies any more.</summary>
        public void End()
        {
            for (var i = 0; i < 30; i++)
            {
                Reader.Now += TimeSpan.FromSeconds(5);
                Reader.Turn(0);
            }
        }

        private void Write()
        {
            for (var count = Random.Next(1, 6); count > 0; count--) current.Append(Line());
        }

        private string Line()
        {
            // Of different length, so that files pass the window of the proof at different times.
            var line = $"line {++lines} {new string('x', Random.Next(4) == 0 ? Random.Next(400) : Random.Next(10))}";
            Written.Add(line);
            return line + "\n";
        }

        private void Look()
        {
            if (Random.Next(3) == 0) return;
            Reader.Now += TimeSpan.FromMilliseconds(250);
            Reader.Turn(Random.Next(5) == 0 ? 0.3 : 0.02);
        }

        private void Shift()
        {
            for (var i = 30; i >= 1; i--)
            {
                if (folder.Has($"app.log.{i}")) folder.Rename($"app.log.{i}", $"app.log.{i + 1}");
            }
        }
    }
}
