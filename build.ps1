#Requires -Version 5.1
<#
.SYNOPSIS
  Everything one does with the source, on Windows. On Linux it hands over to build.sh.
.EXAMPLE
  ./build.ps1 test --fast
#>
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
Set-Location $PSScriptRoot

$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:MSBUILDDISABLENODEREUSE = '1'

$Usage = @'
usage: ./build.ps1 VERB

  quickstart          build, pack and sign the sample (running it on Windows comes later)
  quickstart --stop   stop what quickstart started
  test                all tests; the last line counts them
  test --fast         the unit tests only
      --filter TEXT   only the tests that dotnet test's filter names
  soak                the long runs
  bench               the figures, beside the peers
  publish RID         a self-contained folder and archive, e.g. for win-x64
'@

function Stop-WithMessage([string] $Message, [int] $Code = 1) {
    [Console]::Error.WriteLine($Message)
    exit $Code
}

function Start-Log([string] $Name) {
    New-Item -ItemType Directory -Force -Path 'artifacts/logs' | Out-Null
    $script:Log = Join-Path $PSScriptRoot "artifacts/logs/$Name.log"
    Set-Content -Path $script:Log -Value '' -Encoding UTF8
}

# Runs the command with its output in the log, and says how long it took. Returns whether it succeeded.
function Test-Step([string] $Text, [string] $Command, [string[]] $Arguments) {
    Write-Host ('  {0,-52}' -f $Text) -NoNewline
    $clock = [Diagnostics.Stopwatch]::StartNew()
    Add-Content -Path $script:Log -Value "== $Text" -Encoding UTF8
    $before = $ErrorActionPreference
    # In Windows PowerShell a line on stderr would otherwise end the script.
    $ErrorActionPreference = 'Continue'
    & $Command @Arguments 2>&1 | ForEach-Object { "$_" } | Add-Content -Path $script:Log -Encoding UTF8
    $code = $LASTEXITCODE
    $ErrorActionPreference = $before
    if ($code -eq 0) {
        Write-Host ('{0,8:N1} s' -f $clock.Elapsed.TotalSeconds)
        return $true
    }
    Write-Host "failed ($code)"
    return $false
}

function Invoke-Step([string] $Text, [string] $Command, [string[]] $Arguments) {
    if (Test-Step $Text $Command $Arguments) { return }
    Write-Host "The end of its output (all of it: $script:Log):"
    Get-Content -Path $script:Log -Tail 25 | ForEach-Object { Write-Host "    $_" }
    exit 1
}

function Assert-Sdk {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
        Stop-WithMessage 'The .NET 10 SDK is needed. Get it from https://dotnet.microsoft.com/download/dotnet/10.0'
    }
    $version = "$(& dotnet --version)"
    if ([int]($version.Split('.')[0]) -lt 10) {
        Stop-WithMessage "The .NET 10 SDK is needed; 'dotnet --version' says '$version'."
    }
}

function Get-HostRid {
    if ($env:PROCESSOR_ARCHITECTURE -eq 'ARM64') { return 'win-arm64' }
    return 'win-x64'
}

function Build-Sample {
    if (Get-Command go -ErrorAction SilentlyContinue) {
        $env:CGO_ENABLED = '0'
        Push-Location 'samples/payments'
        try {
            Invoke-Step 'Compile samples/payments (Go)' 'go' @('build', '-trimpath', '-buildvcs=false', '-o', 'bin/payments.exe', '.')
        }
        finally { Pop-Location }
        return 'payments'
    }
    Write-Host '  Not there: go (compiles the sample). To have it: winget install GoLang.Go'
    Invoke-Step 'Compile samples/ledger (C#)' 'dotnet' @('publish', 'samples/ledger/ledger.csproj', '-c', 'Release', '-r', (Get-HostRid), '-o', 'samples/ledger/bin', '-v', 'q')
    return 'ledger'
}

function Invoke-Quickstart([string[]] $Options) {
    if ($Options -contains '--stop') {
        Write-Host 'There is nothing to stop: the quickstart starts no agent on Windows yet.'
        return
    }
    Start-Log 'quickstart'
    Write-Host 'Holdfast: quickstart'
    Assert-Sdk
    foreach ($project in 'Holdfast.Cli', 'Holdfast.Supervisor') {
        Invoke-Step "Build $project" 'dotnet' @('publish', "src/$project", '-c', 'Release', '-r', (Get-HostRid), '--self-contained', 'false', '-o', 'artifacts/bin', '-v', 'q')
    }
    $sample = Build-Sample
    Write-Host ''
    Write-Host "artifacts\bin\holdfast.exe and samples\$sample\bin are built."
    Write-Host 'Agent and supervisor run on Linux for now; Windows comes next. Here you can validate, pack, sign and verify:'
    Write-Host ''
    Write-Host '  $env:PATH = "$PWD\artifacts\bin;$env:PATH"'
    Write-Host "  holdfast validate samples/$sample"
}

# Reads the results of one project: passed, failed, skipped.
function Get-Results([string] $Folder) {
    $counts = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($file in @(Get-ChildItem -Path $Folder -Filter '*.trx' -Recurse -ErrorAction SilentlyContinue)) {
        $trx = New-Object System.Xml.XmlDocument
        $trx.Load($file.FullName)
        foreach ($result in $trx.GetElementsByTagName('UnitTestResult')) {
            $outcome = $result.GetAttribute('outcome')
            if ($outcome -eq 'Passed') { $counts.Passed++ }
            elseif ($outcome -eq 'NotExecuted' -or $outcome -eq 'Inconclusive') { $counts.Skipped++ }
            else {
                $counts.Failed++
                Write-Host "  FAILED $($result.GetAttribute('testName'))"
            }
        }
    }
    return $counts
}

function Invoke-Test([string[]] $Options) {
    Start-Log 'test'
    $fast = $false
    $filter = 'Category!=Soak'
    $chosen = ''
    for ($i = 0; $i -lt $Options.Count; $i++) {
        if ($Options[$i] -eq '--fast') { $fast = $true }
        elseif ($Options[$i] -eq '--filter' -and $i + 1 -lt $Options.Count) { $i++; $chosen = $Options[$i] }
        else { Stop-WithMessage "test does not know '$($Options[$i])'. It knows --fast and --filter TEXT." 2 }
    }
    if ($fast) { $filter = "$filter&Category!=Slow" }
    if ($chosen) { $filter = "($chosen)&$filter" }

    Write-Host 'Holdfast: tests'
    Assert-Sdk
    Invoke-Step 'Restore' 'dotnet' @('restore', 'Holdfast.slnx', '-v', 'q')
    Invoke-Step 'Build (warnings are errors)' 'dotnet' @('build', 'Holdfast.slnx', '--no-restore', '-v', 'q')
    if (Test-Path 'artifacts/test-results') { Remove-Item -Recurse -Force 'artifacts/test-results' }
    $total = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($project in Get-ChildItem -Path 'tests' -Directory -Filter '*.Tests') {
        if ($fast -and $project.Name -like '*Integration*') { continue }
        $folder = "artifacts/test-results/$($project.Name)"
        $succeeded = Test-Step $project.Name 'dotnet' @('test', $project.FullName, '--no-build', '-v', 'q', '--filter', $filter, '--logger', 'trx', '--results-directory', $folder)
        $counts = Get-Results $folder
        if (-not $succeeded -and $counts.Failed -eq 0) {
            Write-Host "  FAILED $($project.Name) ended without results for all its tests"
            $counts.Failed = 1
        }
        foreach ($kind in 'Passed', 'Failed', 'Skipped') { $total[$kind] += $counts[$kind] }
    }
    Write-Host ''
    Write-Host "$($total.Passed) passed, $($total.Failed) failed, $($total.Skipped) skipped"
    if ($total.Failed -gt 0) { exit 1 }
}

function Invoke-Soak {
    Start-Log 'soak'
    Assert-Sdk
    Invoke-Step 'Build' 'dotnet' @('build', 'Holdfast.slnx', '-v', 'q')
    $env:HOLDFAST_SOAK = '1'
    & dotnet test Holdfast.slnx --no-build --filter Category=Soak
    exit $LASTEXITCODE
}

function Invoke-Publish([string[]] $Options) {
    Start-Log 'publish'
    Assert-Sdk
    if ($Options.Count -ne 1) { Stop-WithMessage "publish needs a runtime identifier, for instance: ./build.ps1 publish $(Get-HostRid)" 2 }
    $rid = $Options[0]
    $folder = "artifacts/publish/$rid"
    if (Test-Path $folder) { Remove-Item -Recurse -Force $folder }
    foreach ($project in 'Holdfast.Cli', 'Holdfast.Supervisor') {
        Invoke-Step "Build $project with its own runtime" 'dotnet' @('publish', "src/$project", '-c', 'Release', '-r', $rid, '--self-contained', 'true', '-o', $folder, '-v', 'q')
    }
    Copy-Item 'LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md' -Destination $folder
    Compress-Archive -Path "$folder/*" -DestinationPath "$folder.zip" -Force
    Write-Host "Folder: $folder"
    Write-Host "Archive: $folder.zip"
}

# Windows PowerShell has no $IsLinux: it runs on Windows only.
$onWindows = [Environment]::OSVersion.Platform -eq 'Win32NT'
if (-not $onWindows) {
    & bash ./build.sh @args
    exit $LASTEXITCODE
}

$verb = if ($args.Count -gt 0) { $args[0] } else { '' }
$rest = @(if ($args.Count -gt 1) { $args[1..($args.Count - 1)] })
switch ($verb) {
    'quickstart' { Invoke-Quickstart $rest }
    'test' { Invoke-Test $rest }
    'soak' { Invoke-Soak }
    'bench' { Write-Host 'The benchmarks compare with Linux supervisors, and run there: ./build.sh bench' }
    'publish' { Invoke-Publish $rest }
    'help' { Write-Host $Usage }
    default { Stop-WithMessage $Usage 2 }
}
