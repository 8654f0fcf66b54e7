package disktest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// inside, in the environment, names the test that runs on a disk of its own.
const inside = "ACCORD_TEST_DISK"

// Run runs a test on a small disk in memory, of that many bytes. The test runs in
// a process that sees mounts of its own, so the machine notices nothing of the
// disk; where a machine does not allow that, the test is skipped and says so.
// It has to be a test that stands by itself, and Run all that is in it.
func Run(t *testing.T, size int64, test func(t *testing.T, disk Disk)) {
	t.Helper()
	if os.Getenv(inside) == t.Name() {
		test(t, mount(t, size))
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, "-test.run=^"+t.Name()+"$", "-test.count=1", "-test.v") //nolint:gosec // this very program
	command.Env = append(os.Environ(), inside+"="+t.Name())
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	output, err := command.CombinedOutput()
	_, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case err != nil && !ended:
		t.Skipf("this machine gives a process no mounts of its own, so there is no disk to fill: %v", err)
	case err != nil:
		t.Fatalf("on a disk of its own: %v\n%s", err, output)
	case strings.Contains(string(output), "--- SKIP: "+t.Name()):
		t.Skipf("this machine lets a process mount nothing, so there is no disk to fill:\n%s", output)
	case !strings.Contains(string(output), "--- PASS: "+t.Name()):
		t.Fatalf("on a disk of its own nothing was tested:\n%s", output)
	}
	t.Logf("on a disk of its own:\n%s", output)
}

func mount(t *testing.T, size int64) Disk {
	t.Helper()
	disk := Disk{Path: t.TempDir()}
	disk.ballast = filepath.Join(disk.Path, "ballast")
	err := syscall.Mount("tmpfs", disk.Path, "tmpfs", 0, fmt.Sprintf("size=%d,huge=never", size))
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("mounting a disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk.Path, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmounting the disk: %v", err)
		}
	})
	return disk
}

// Fill writes until nothing more fits.
func (d Disk) Fill(t *testing.T) {
	t.Helper()
	file, err := os.OpenFile(d.ballast, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = file.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling the disk: %v", err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// Free makes room again.
func (d Disk) Free(t *testing.T) {
	t.Helper()
	if err := os.Remove(d.ballast); err != nil {
		t.Fatal(err)
	}
}

// ReadOnly makes the disk read-only, on which nothing may be open for writing.
func (d Disk) ReadOnly(t *testing.T) {
	t.Helper()
	d.remount(t, syscall.MS_RDONLY)
}

// Writable makes the disk writable again.
func (d Disk) Writable(t *testing.T) {
	t.Helper()
	d.remount(t, 0)
}

func (d Disk) remount(t *testing.T, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("tmpfs", d.Path, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
		t.Fatalf("mounting the disk again: %v", err)
	}
}
