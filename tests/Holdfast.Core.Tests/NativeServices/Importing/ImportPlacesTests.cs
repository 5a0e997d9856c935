using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Tests.NativeServices.Importing;

/// <summary>What is told of an import names the line that it is about.</summary>
public sealed class ImportPlacesTests
{
    [Fact]
    public void A_note_on_WinSW_s_XML_names_its_line_that_of_the_variable_not_of_the_first_one()
    {
        var read = WinswImport.Read(
            """
            <service>
              <id>orders</id>
              <executable>C:\orders\run.cmd</executable>
              <env name="LOG_LEVEL" value="info"/>
              <env name="DB_PASSWORD" value="x"/>
              <mystery>1</mystery>
            </service>
            """, "orders.xml", @"C:\orders").Value;
        Assert.Contains("orders.xml:5:4: env: `DB_PASSWORD` sounds like a secret", Assert.Single(read.Notes, note => note.Setting == "env").ToString(), StringComparison.Ordinal);
        Assert.Equal(new Place("orders.xml", 6, 4), Assert.Single(read.Notes, note => note.Setting == "mystery").Where);
        var script = Assert.Single(ImportFit.For(read, onWindows: true, null, null).Problems);
        Assert.Equal(("import.command-script", new Place("orders.xml", 3, 4)), (script.Rule, script.Where));
    }

    [Theory]
    [InlineData("{\n  \"Name\": \"orders\",\n  \"é\": 1, \"ExecutablePath\": \"C:\\\\o.exe\",\n  \"Mystery\": 7\n}", 4, 3)]
    [InlineData("[{\"Name\": \"orders\",\n\"ExecutablePath\": \"C:\\\\o.exe\", \"é\": 1, \"Mystery\": 7}]", 2, 40)]
    [InlineData("<ServiceDto>\n<Name>orders</Name>\n<ExecutablePath>C:\\o.exe</ExecutablePath>\n\n <Mystery>7</Mystery></ServiceDto>", 5, 3)]
    public void A_note_on_an_export_of_Servy_s_names_its_line(string text, int line, int column)
    {
        var read = ServyImport.Read(text, "orders").Value;
        Assert.Equal(new Place("orders", line, column), Assert.Single(read.Notes, note => note.Setting == "Mystery").Where);
        // What is said of a setting that is not there has no place.
        Assert.Null(Assert.Single(read.Notes, note => note.Setting == "UserAccount").Where);
    }
}
